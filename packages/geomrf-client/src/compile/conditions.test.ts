import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatPath } from '@satsim/core';
import type { ScenarioInputDocument } from '@satsim/core';
import { describe, expect, test } from 'vitest';
import { IRIDIUM, OSLO, brief, compile, dir, faults, json } from './compile.test-helper.js';

const base = { constellation: [{ walker: { ...IRIDIUM.walker, planes: 2, per_plane: 2, phasing: 0 } }], ground: [OSLO, { ...OSLO, id: 'bergen' }] };

describe('places', () => {
  test('waypoints become a track, masks stay with the node', async () => {
    const waypoints = [
      { at: '0s', lat: 40.6, lon: -74, alt_m: 3 },
      { at: '60.5s', lat: 41, lon: -70.1 },
    ];
    const mask: [number, number][] = [[0, 5], [90, 30]]; // prettier-ignore
    const { nodes } = await json({
      ground: [{ id: 'ship', waypoints, min_elevation_deg: 12 }, { ...OSLO, elevation_mask: mask }, { cities: { top: 1, min_elevation_deg: 20 } }],
    });
    expect(nodes).toMatchObject([
      {
        id: 'ship',
        role: 'USER_TERMINAL',
        track: {
          waypoints: [
            { at: '0s', site: { lat_deg: 40.6, lon_deg: -74, alt_m: 3 } },
            { at: '60.500s', site: { lat_deg: 41, lon_deg: -70.1 } },
          ],
        },
        min_elevation_deg: 12,
      },
      { id: 'oslo', elevation_mask: [{ min_elevation_deg: 5 }, { azimuth_deg: 90, min_elevation_deg: 30 }] },
      { id: 'shanghai', min_elevation_deg: 20 },
    ]);
    expect(nodes[0]).not.toHaveProperty('site');
    expect(nodes[1]).not.toHaveProperty('min_elevation_deg');
    await writeFile(join(dir, 'a.csv'), 'x,1,2\n');
    const csv = { file: 'a.csv', columns: { id: 0, lat: 1, lon: 2 }, min_elevation_deg: 3 };
    expect((await json({ ground: [{ csv }] })).nodes).toMatchObject([{ id: 'x', min_elevation_deg: 3 }]);
  });

  test('ways that the engine would refuse: to the other end of the globe, and too fast', async () => {
    const way = (id: string, ...places: [at: string, lat: number, lon: number, altM?: number][]) => ({
      id,
      waypoints: places.map(([at, lat, lon, alt_m = 0]) => ({ at, lat, lon, alt_m })),
    });
    const found = await faults({
      ground: [
        way('opposite', ['0s', 30, 10], ['9h', -30, 190], ['10h', -30, 190]),
        way('far', ['0s', 0, 0], ['100s', 0, 8.95], ['200s', 0, 18]),
        way('high', ['0s', 0, 0], ['9s', 0, 0, 100_000]),
        way('neither', ['0s', 30, 10], ['9h', -30, 189], ['20h', 30, 10]),
      ],
    });
    expect(found.map(({ path, line, message }) => [formatPath(path), line, message])).toEqual([
      ['ground[0].waypoints[1]', 7, 'lies opposite the waypoint before it on the globe'],
      ['ground[1].waypoints[2]', 7, 'needs 10.1 km/s to be reached in time, which is more than 10'],
      ['ground[2].waypoints[1]', 7, 'needs 11.1 km/s to be reached in time, which is more than 10'],
    ]);
  });
});

describe('radio', () => {
  test('polarization, noise temperature and beams, key by key from role and id', async () => {
    const spec = await json({
      ...base,
      terminals: {
        satellite: { beams: 8, terminals_per_beam: 4, polarization: 'vertical' },
        'IR-1-1': { beams: 2 },
        oslo: { polarization: 'horizontal', noise_temperature_k: 120 },
      },
    });
    const terminals = Object.fromEntries(spec.nodes.map(({ id, terminal }: any) => [id, terminal]));
    expect(terminals['IR-1-1']).toMatchObject({ beams: 2, terminals_per_beam: 4, polarization_tilt_deg: 90 });
    expect(terminals['IR-1-2']).toMatchObject({ beams: 8 });
    // Zero is what is left out of protobuf JSON.
    expect(terminals['oslo']).not.toHaveProperty('polarization_tilt_deg');
    expect(terminals['oslo']).toMatchObject({ noise_temperature_k: 120 });
    expect(terminals['bergen']).toMatchObject({ polarization_tilt_deg: 45 });
  });

  test('beams of a ground node are a fault, whether by role or by id', async () => {
    const found = await faults({ ...base, terminals: { user_terminal: { beams: 1 }, oslo: { terminals_per_beam: 2 }, 'IR-1-1': { beams: 3 } } });
    expect(brief(found)).toEqual([
      'terminals.user_terminal.beams: only satellites have beams',
      'terminals.oslo.terminals_per_beam: only satellites have beams',
    ]);
  });

  test('antennas and noise of a satellite do nothing, which is told, whether by role or by id', async () => {
    const terminals = {
      satellite: { antennas: 2 },
      'IR-1-1': { noise_temperature_k: 200 },
      ground_station: { antennas: 2, noise_temperature_k: 200 },
      oslo: { antennas: 3 },
    };
    const { warnings, spec } = await compile({ ...base, terminals });
    expect(warnings).toEqual([
      expect.stringMatching(/^terminals\.satellite\.antennas has no effect: .*`beams`/),
      expect.stringMatching(/^terminals\.IR-1-1\.noise_temperature_k has no effect: /),
    ]);
    expect(spec.nodes.find(({ id }) => id === 'IR-1-1')?.terminal?.maxLinks).toBe(0);
    expect(spec.nodes.find(({ id }) => id === 'oslo')?.terminal?.maxLinks).toBe(3);
  });

  test('a frequency that nothing is known of in air is a fault where it is given, if the air counts', async () => {
    const terminals = {
      user_terminal: { frequency_ghz: 1001 },
      satellite: { frequency_ghz: 1000 },
      ground_station: { frequency_ghz: 2000 },
      oslo: { frequency_ghz: 1500 },
    };
    // The only ground station has a frequency of its own; two user terminals have that of their role.
    const ground = [OSLO, { ...OSLO, id: 'bergen', role: 'user_terminal' as const }, { ...OSLO, id: 'tromso', role: 'user_terminal' as const }];
    const document = { ...base, ground, terminals };
    const found = [
      'terminals.oslo.frequency_ghz: gases and weather are known up to 1000 GHz, found 1500',
      'terminals.user_terminal.frequency_ghz: gases and weather are known up to 1000 GHz, found 1001',
    ];
    const weather = [{ site: 'oslo', rain_mm_per_h: 1 }];
    expect(brief(await faults(document))).toEqual(found);
    expect(brief(await faults({ ...document, links: { gsl: { gases: false } }, weather }))).toEqual(found);
    await compile({ ...document, links: { gsl: { gases: false } } });
    await compile({ ...document, links: { gsl: { capacity_mbps: 5 } }, weather });
  });

  test('a budget of inter-satellite links stands for their capacity', async () => {
    const budget = { frequency_ghz: 60.1, bandwidth_mhz: 400, eirp_dbw: 45, g_over_t_db_per_k: 12 };
    const { isl } = await json({ ...base, links: { isl: { budget } } });
    expect(isl.terminal).toEqual({ eirp_dbw: 45, g_over_t_db_per_k: 12, frequency_hz: 60_100_000_000, bandwidth_hz: 400_000_000 });
    expect(isl).not.toHaveProperty('capacity_bps');
    expect((await json({ ...base, links: { isl: {} } })).isl.capacity_bps).toBe(10e9);
  });

  test('the schedule, outages and gases', async () => {
    const gsl = async (links: ScenarioInputDocument['links']) => (await json({ ...base, links })).gsl;
    expect(await gsl({ gsl: { policy: 'scheduled' } })).toEqual({
      selection: 'SCHEDULED',
      min_elevation_deg: 10,
      schedule_period: '15s',
      schedule_offset: '12s',
      gases: true,
    });
    expect(await gsl({ gsl: { policy: 'scheduled', schedule: { period: '10s', offset: '0s' }, handover_outage: '250ms', gases: false } })).toEqual({
      selection: 'SCHEDULED',
      min_elevation_deg: 10,
      schedule_period: '10s',
      schedule_offset: '0s',
      handover_outage_s: 0.25,
    });
    expect(await gsl({ gsl: { policy: 'max_elevation' } })).not.toHaveProperty('schedule_period');
    expect(await gsl({})).toMatchObject({ gases: true });
  });
});

describe('weather', () => {
  test('in its four ways', async () => {
    await writeFile(join(dir, 'rain.csv'), 'mm/h,t\n0,0\n12.5,60.0005\n3,90\n');
    const { weather } = await json({
      ...base,
      ground: ['a', 'b', 'c', 'd'].map((id) => ({ ...OSLO, id })),
      weather: [
        { site: 'a', rain_mm_per_h: 12, rain_height_km: 3.2, cloud_liquid_kg_per_m2: 0.4 },
        { site: 'b', series: [{ at: '0s', rain_mm_per_h: 0 }, { at: '10m', rain_mm_per_h: 40 }] },
        { site: 'c', csv: { file: 'rain.csv', columns: { at_s: 1, rain_mm_per_h: 0 } } },
        { site: 'd', process: { probability: 0.1, median_mm_per_h: 3, sigma: 1, correlation_time: '10m' } },
      ],
    }); // prettier-ignore
    expect(weather).toEqual([
      { node_id: 'a', rain_mm_per_h: 12, rain_height_m: 3200, cloud_liquid_water_kg_per_m2: 0.4 },
      { node_id: 'b', series: { samples: [{ at: '0s' }, { at: '600s', rain_mm_per_h: 40 }] } },
      { node_id: 'c', series: { samples: [{ at: '0s' }, { at: '60.001s', rain_mm_per_h: 12.5 }, { at: '90s', rain_mm_per_h: 3 }] } },
      { node_id: 'd', process: { probability: 0.1, median_mm_per_h: 3, sigma: 1, correlation_time_s: 600 } },
    ]);
  });

  test('a file of samples is an input of the run; its columns are 0 and 1 unless given', async () => {
    await writeFile(join(dir, 'rain.csv'), '0,1\n');
    const compiled = await compile({ ...base, weather: [{ site: 'oslo', csv: { file: 'rain.csv' } }] });
    expect(compiled.inputs.map(({ path }) => path)).toEqual([join(dir, 'rain.csv')]);
    expect(compiled.spec.weather[0]!.rain).toMatchObject({ case: 'series', value: { samples: [{ rainMmPerH: 1 }] } });
  });

  test('sites that are none, and every bad line of a file', async () => {
    await writeFile(join(dir, 'rain.csv'), '0,1\n0,2\nx,3\n5,2000\n6\n');
    const found = await faults({
      ...base,
      weather: [
        { site: 'olso', rain_mm_per_h: 1 },
        { site: 'IR-1-1', rain_mm_per_h: 1 },
        { site: 'oslo', csv: { file: 'rain.csv' } },
        { site: 'bergen', csv: { file: 'none.csv' } },
      ],
    });
    expect(found.map(({ path, line, message, hint }) => [formatPath(path), line, message.split(': ').at(-1), hint])).toEqual([
      ['weather[0].site', 7, 'there is no node olso', 'did you mean oslo?'],
      ['weather[1].site', 7, 'IR-1-1 is a satellite', 'there is weather at ground nodes only'],
      ['weather[2].csv.file', 2, 'at_s 0 is not after the one before it, 0', undefined],
      ['weather[2].csv.file', 3, '"x"', undefined],
      ['weather[2].csv.file', 4, 'rain_mm_per_h 2000 is not between 0 and 1000', undefined],
      ['weather[2].csv.file', 5, 'there is no column 1 (rain_mm_per_h); the row has 1', undefined],
      ['weather[3].csv.file', 7, 'no such file', "relative paths start from the scenario's folder"],
    ]);
    await writeFile(join(dir, 'rain.csv'), 'at,rain\n');
    expect(brief(await faults({ ...base, weather: [{ site: 'oslo', csv: { file: 'rain.csv' } }] }))).toEqual([
      'weather[0].csv.file: the file holds no samples',
    ]);
  });
});

describe('faults', () => {
  test('of nodes and links, down and degraded', async () => {
    const declared = await json({
      ...base,
      faults: [
        { at: '2m', for: '30s', node: 'IR-2-1' },
        { at: '4m', link: ['oslo', 'IR-1-2'], effect: { loss_pct: 20, capacity_mbps: 0, delay_ms: 5 } },
      ],
    });
    expect(declared.faults).toEqual([
      { at: '120s', for: '30s', node_id: 'IR-2-1' },
      { at: '240s', link: { a: 'oslo', b: 'IR-1-2' }, loss_rate: 0.2, capacity_bps: 0, extra_delay_s: 0.005 },
    ]);
  });

  test('a pattern is a fault of every node that it matches', async () => {
    const of = async (node: string) => (await json({ ...base, faults: [{ at: '1s', node }] })).faults.map(({ node_id }: any) => node_id);
    expect(await of('IR-2-*')).toEqual(['IR-2-1', 'IR-2-2']);
    expect(await of('IR-?-1')).toEqual(['IR-1-1', 'IR-2-1']);
    expect(await of('*o')).toEqual(['oslo']);
  });

  test('names of nobody, and links that cannot be', async () => {
    const line = { a: 'oslo', b: 'bergen', delay_ms: 1 };
    const at = '0s';
    const declared = [
      { at, node: 'IR-3-1' },
      { at, node: 'IT-*' },
      { at, link: ['oslo', 'IR-1-9'] as [string, string] },
      { at, link: ['bergen', 'oslo'] as [string, string] },
    ];
    const found = await faults({ ...base, faults: declared });
    expect(found.map(({ path, message, hint }) => [formatPath(path), message, hint])).toEqual([
      ['faults[0].node', 'there is no node IR-3-1', 'did you mean IR-1-1?'],
      ['faults[1].node', 'no node matches IT-*', expect.any(String)],
      ['faults[2].link[1]', 'there is no node IR-1-9', 'did you mean IR-1-1?'],
      ['faults[3].link', 'there is no link between bergen and oslo', 'links of ground nodes are links.terrestrial'],
    ]);
    expect((await json({ ...base, links: { terrestrial: [line] }, faults: declared.slice(3) })).faults).toHaveLength(1);
  });
});
