import { formatPath } from '@satsim/core';
import { LinkType } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import { compile, json, faults } from './compile.test-helper.js';

describe('geomrf.scenario_spec', () => {
  const nodes = [
    { id: 'sat', role: 'SATELLITE', elements: { mean_motion: 15, inclinationDeg: 53 } },
    { id: 'gs', role: 'GROUND_STATION', site: { lat_deg: 1, lon_deg: 2 } },
  ];
  const given = (scenario_spec: object) => ({ geomrf: { scenario_spec: scenario_spec as Record<string, unknown> } });

  test('is taken 1:1, with name, seed and span of the scenario where it has none', async () => {
    const spec = await json(given({ nodes, isl: { pattern: 'NEAREST', neighbors: 2 } }));
    expect(spec).toEqual({
      name: 'x',
      seed: '42',
      t_start: '2026-11-20T00:00:00Z',
      t_end: '2026-11-20T00:10:00Z',
      nodes: [
        { id: 'sat', role: 'SATELLITE', elements: { mean_motion: 15, inclination_deg: 53 } },
        { id: 'gs', role: 'GROUND_STATION', site: { lat_deg: 1, lon_deg: 2 } },
      ],
      isl: { pattern: 'NEAREST', neighbors: 2 },
    });
    const own = await json(given({ nodes, name: 'mine', seed: '7' }));
    expect(own).toMatchObject({ name: 'mine', seed: '7' });
  });

  test('takes all that the contract has: tracks, masks, beams, schedules, weather, faults', async () => {
    const rich = {
      nodes: [
        { id: 'sat', role: 'SATELLITE', elements: { mean_motion: 15 }, terminal: { beams: 8, terminals_per_beam: 2, polarization_tilt_deg: 90 } },
        {
          id: 'ship',
          role: 'USER_TERMINAL',
          track: {
            waypoints: [
              { at: '0s', site: { lat_deg: 1 } },
              { at: '3.500s', site: { lat_deg: 2, alt_m: 5 } },
            ],
          },
          min_elevation_deg: 12,
          elevation_mask: [{ azimuth_deg: 90, min_elevation_deg: 30 }],
        },
      ],
      isl: { pattern: 'NEAREST', neighbors: 2, terminal: { eirp_dbw: 40, frequency_hz: 6e10, bandwidth_hz: 1e9 } },
      gsl: { selection: 'SCHEDULED', schedule_period: '15s', schedule_offset: '12s', handover_outage_s: 0.1, gases: true },
      weather: [{ node_id: 'ship', series: { samples: [{ at: '1s', rain_mm_per_h: 4 }] }, rain_height_m: 3000 }],
      faults: [{ at: '1s', for: '2s', link: { a: 'sat', b: 'ship' }, loss_rate: 0.5 }],
    };
    const spec = await json(given(rich));
    expect(spec).toMatchObject(rich);
    const broken = await faults(given({ ...rich, weather: [{ series: { samples: [{ att: '1s' }] } }], faults: [{ for: 'ever' }] }));
    expect(broken.map(({ path }) => formatPath(path))).toEqual(['geomrf.scenario_spec.weather[0].series.samples[0].att', 'geomrf.scenario_spec.faults[0].for']);
  });

  test('its nodes and link types are known to the rest', async () => {
    const { nodes: known, selector } = await compile({ ...given({ nodes, isl: { pattern: 'PLUS_GRID' } }), traffic: [{ id: 'f', from: 'gs', to: 'sat' }] });
    expect(known).toEqual([
      { id: 'sat', role: 'satellite', relay: true },
      { id: 'gs', role: 'ground_station', relay: false },
    ]);
    expect(selector.linkTypes).toEqual([LinkType.ISL, LinkType.SAT_GS, LinkType.SAT_UT]);
  });

  test('all faults at once, each with its path', async () => {
    const found = await faults(
      given({
        nodez: [],
        nodes: [{ id: 1, role: 'SATELITE', site: { lat_deg: 'north' } }, 'gs'],
        isl: { max_range_m: 'NaN', neighbors: -1 },
        t_start: 'yesterday',
        terrestrial: {},
      }),
    );
    expect(found.map(({ path }) => formatPath(path))).toEqual([
      'geomrf.scenario_spec.nodez',
      'geomrf.scenario_spec.nodes[0].id',
      'geomrf.scenario_spec.nodes[0].role',
      'geomrf.scenario_spec.nodes[0].site.lat_deg',
      'geomrf.scenario_spec.nodes[1]',
      'geomrf.scenario_spec.isl.max_range_m',
      'geomrf.scenario_spec.isl.neighbors',
      'geomrf.scenario_spec.t_start',
      'geomrf.scenario_spec.terrestrial',
    ]);
    expect(found[0]!.hint).toBe('did you mean nodes?');
  });

  test('nodes without a good id, role or position, twice the same id, a span that is too short', async () => {
    const found = await faults(
      given({ nodes: [...nodes, { id: 'a b', role: 'SATELLITE' }, { id: 'gs', site: {} }], t_start: '2026-11-20T00:00:00Z', t_end: '2026-11-20T00:09:00Z' }),
    );
    expect(found.map(({ path }) => formatPath(path))).toEqual([
      'geomrf.scenario_spec',
      'geomrf.scenario_spec.nodes[2].id',
      'geomrf.scenario_spec.nodes[2]',
      'geomrf.scenario_spec.nodes[3].role',
      'geomrf.scenario_spec.nodes[3].id',
    ]);
  });
});
