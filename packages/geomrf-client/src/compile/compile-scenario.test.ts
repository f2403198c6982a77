import { toBinary } from '@bufbuild/protobuf';
import { formatPath } from '@satsim/core';
import type { ScenarioInputDocument } from '@satsim/core';
import { LinkType, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import { IRIDIUM, OSLO, compile, json, faults, brief, elementFile } from './compile.test-helper.js';

describe('a shorthand scenario', () => {
  test('compiles into this specification', async () => {
    const spec = await json({
      constellation: [{ walker: { ...IRIDIUM.walker, planes: 1, per_plane: 2, phasing: 0 } }],
      ground: [OSLO, { id: 'ut', lat: -33.9, lon: 18.4, role: 'user_terminal', relay: true }],
      terminals: { user_terminal: { eirp_dbw: 35 }, ut: { antennas: 2 } },
      links: {
        isl: { max_range_km: 5000, polar_cutoff_lat_deg: 70, processing_delay_ms: 0.5 },
        gsl: { min_elevation_deg: 25, policy: 'max_snr', hysteresis_deg: 2, loss_pct: 0.5 },
        adaptation: { modcods: [{ name: 'QPSK', min_snr_db: 1, spectral_efficiency: 1.5 }], margin_db: 1 },
        terrestrial: [{ a: 'oslo', b: 'ut', delay_ms: 8, loss_pct: 1 }],
      },
    });
    const elements = (slot: number) => expect.objectContaining({ object_name: `IR-1-${slot}`, inclination_deg: 86.4, epoch: '2026-11-20T00:00:00Z' });
    const satellite = (slot: number) => ({
      id: `IR-1-${slot}`,
      role: 'SATELLITE',
      relay: true,
      terminal: { eirp_dbw: 38, g_over_t_db_per_k: 8, frequency_hz: 11_700_000_000, bandwidth_hz: 250_000_000, polarization_tilt_deg: 45 },
      shell_position: expect.objectContaining({ shell: 'IR', planes: 1, per_plane: 2, raan_spread_deg: 180 }),
      elements: elements(slot),
    });
    expect(spec).toEqual({
      name: 'x',
      seed: '42',
      t_start: '2026-11-20T00:00:00Z',
      t_end: '2026-11-20T00:10:00Z',
      nodes: [
        satellite(1),
        satellite(2),
        {
          id: 'oslo',
          role: 'GROUND_STATION',
          terminal: { eirp_dbw: 60, g_over_t_db_per_k: 25, frequency_hz: 28_500_000_000, bandwidth_hz: 250_000_000, polarization_tilt_deg: 45, max_links: 4 },
          site: { lat_deg: 59.91, lon_deg: 10.75, alt_m: 20 },
        },
        {
          id: 'ut',
          role: 'USER_TERMINAL',
          relay: true,
          terminal: { eirp_dbw: 35, g_over_t_db_per_k: 9, frequency_hz: 14_000_000_000, bandwidth_hz: 62_500_000, polarization_tilt_deg: 45, max_links: 2 },
          site: { lat_deg: -33.9, lon_deg: 18.4 },
        },
      ],
      isl: {
        pattern: 'PLUS_GRID',
        max_range_m: 5_000_000,
        min_altitude_m: 80_000,
        polar_cutoff_lat_deg: 70,
        capacity_bps: 10_000_000_000,
        processing_delay_s: 0.0005,
      },
      gsl: { selection: 'MAX_SNR', min_elevation_deg: 25, hysteresis_deg: 2, fixed_loss_rate: 0.005, gases: true },
      terrestrial: [{ a: 'oslo', b: 'ut', one_way_delay_s: 0.008, capacity_bps: 1_000_000_000, loss_rate: 0.01 }],
      adaptation: { modcods: [{ name: 'QPSK', min_snr_db: 1, spectral_efficiency: 1.5 }], margin_db: 1 },
    });
  });

  test('compiles to the same bytes every time', async () => {
    const document = { constellation: [IRIDIUM], ground: [{ cities: { top: 20 } }] };
    const [a, b] = await Promise.all([compile(document), compile(document)]);
    expect(toBinary(ScenarioSpecSchema, a.spec)).toEqual(toBinary(ScenarioSpecSchema, b.spec));
  });

  test('nodes: satellites first, then ground in the order of the file', async () => {
    const { nodes } = await compile({ ground: [{ cities: { top: 2, role: 'ground_station' } }, OSLO], constellation: [IRIDIUM] });
    expect(nodes.length).toBe(66 + 3);
    expect(nodes.slice(-4)).toEqual([
      { id: 'IR-6-11', role: 'satellite', relay: true },
      { id: 'shanghai', role: 'ground_station', relay: false },
      { id: 'istanbul', role: 'ground_station', relay: false },
      { id: 'oslo', role: 'ground_station', relay: false },
    ]);
  });

  test('inter-satellite links by default: +Grid for several satellites, none for one', async () => {
    expect((await json({ constellation: [IRIDIUM] })).isl).toEqual({ pattern: 'PLUS_GRID', min_altitude_m: 80_000, capacity_bps: 10_000_000_000 });
    const single = await json({ constellation: [{ walker: { ...IRIDIUM.walker, planes: 1, per_plane: 1, phasing: 0 } }] });
    expect(single.isl.pattern).toBe('ISL_NONE');
  });

  test('nearest has four neighbours by default', async () => {
    expect((await json({ constellation: [IRIDIUM], links: { isl: { pattern: 'nearest' } } })).isl).toMatchObject({ pattern: 'NEAREST', neighbors: 4 });
  });
});

test('an outage that is no multiple of the tick says how long it will be', async () => {
  const warnings = async (dt: string, outage: string) =>
    (
      await compile({
        constellation: [IRIDIUM],
        ground: [OSLO],
        time: { t0: '2026-11-20T00:00:00Z', duration: '10m', dt },
        links: { gsl: { handover_outage: outage } },
      })
    ).warnings;
  expect(await warnings('1s', '200ms')).toEqual(['links.gsl.handover_outage: 200ms is no multiple of time.dt, so a link is down for 1 s after a handover']);
  expect(await warnings('100ms', '250ms')).toEqual([expect.stringContaining('down for 0.3 s')]);
  for (const [dt, outage] of [
    ['100ms', '200ms'],
    ['1s', '0s'],
  ] as const)
    expect(await warnings(dt, outage)).toEqual([]);
});

describe('selector and thresholds', () => {
  test('the default selector is the link types declared', async () => {
    const gsl = [LinkType.SAT_GS, LinkType.SAT_UT];
    const types = async (document: Partial<ScenarioInputDocument>) =>
      (await compile({ constellation: [IRIDIUM], ground: [OSLO, { ...OSLO, id: 'b' }], ...document })).selector;
    expect(await types({})).toEqual({ linkTypes: [LinkType.ISL, ...gsl], nodeIds: [], allLinks: false });
    expect((await types({ links: { isl: { pattern: 'none' } } })).linkTypes).toEqual(gsl);
    const line = { a: 'oslo', b: 'b', delay_ms: 1 };
    expect((await types({ links: { terrestrial: [line] } })).linkTypes).toEqual([LinkType.ISL, ...gsl, LinkType.TERRESTRIAL]);
    expect(await types({ geomrf: { selector_defaults: { link_types: ['gsl'], node_ids: ['oslo'] } } })).toEqual({
      linkTypes: gsl,
      nodeIds: ['oslo'],
      allLinks: false,
    });
    expect(await types({ geomrf: { selector_defaults: { all_links: true } } })).toEqual({ linkTypes: [], nodeIds: [], allLinks: true });
  });

  test('links.thresholds wins over geomrf.thresholds_defaults, key by key', async () => {
    expect((await compile({ ground: [OSLO] })).thresholds).toEqual({ delayS: 0.00001, capacityBps: 100_000, lossRate: 0.0001 });
    const both = { links: { thresholds: { delay_ms: 0 } }, geomrf: { thresholds_defaults: { delay_ms: 5, loss_pct: 1 } } };
    expect((await compile({ ground: [OSLO], ...both })).thresholds).toEqual({ delayS: 0, capacityBps: 100_000, lossRate: 0.01 });
  });
});

describe('references to nodes', () => {
  const base = { constellation: [{ walker: { ...IRIDIUM.walker, planes: 2, per_plane: 2, phasing: 0 } }], ground: [OSLO, { ...OSLO, id: 'singapore' }] };

  test('all that resolve to nothing are faults, each with a suggestion', async () => {
    const found = await faults({
      ...base,
      traffic: [
        { id: 'f', from: 'olso', to: 'singapore' },
        { id: 'g', from: 'oslo', to: 'IR-9-9' },
      ],
      terminals: { user_terminl: { eirp_dbw: 1 }, 'IR-1-1': { eirp_dbw: 1 }, satellite: {} },
      links: {
        isl: {
          pattern: 'explicit',
          pairs: [
            ['IR-1-1', 'IR-1-3'],
            ['IR-1-1', 'oslo'],
          ],
        },
        terrestrial: [
          { a: 'oslo', b: 'singapor', delay_ms: 1 },
          { a: 'oslo', b: 'IR-1-1', delay_ms: 1 },
        ],
      },
      geomrf: { selector_defaults: { node_ids: ['nobody'] } },
    });
    expect(found.map(({ path, hint }) => [formatPath(path), hint])).toEqual([
      ['terminals.user_terminl', 'did you mean user_terminal?'],
      ['links.isl.pairs[0][1]', 'did you mean IR-1-1?'],
      ['links.isl.pairs[1][1]', 'links of ground nodes are links.terrestrial'],
      ['links.terrestrial[0].b', 'did you mean singapore?'],
      ['links.terrestrial[1].b', 'links between satellites are links.isl'],
      ['traffic[0].from', 'did you mean oslo?'],
      ['traffic[1].to', 'did you mean IR-1-1?'],
      ['geomrf.selector_defaults.node_ids[0]', 'known: oslo, singapore, IR-1-1, IR-1-2, IR-2-1, IR-2-2'],
    ]);
  });

  test('two lines between the same nodes are one too many', async () => {
    const lines = [
      { a: 'oslo', b: 'singapore', delay_ms: 1 },
      { a: 'singapore', b: 'oslo', delay_ms: 2 },
    ];
    expect(brief(await faults({ ...base, links: { terrestrial: lines } }))).toEqual(['links.terrestrial[1]: singapore and oslo are linked already']);
  });

  test('so are two links between the same satellites, and two MODCODs of one name', async () => {
    const isl = {
      pattern: 'explicit' as const,
      pairs: [
        ['IR-1-1', 'IR-1-2'],
        ['IR-1-2', 'IR-1-1'],
      ] as [string, string][],
    };
    const modcods = [1, 2].map((n) => ({ name: 'QPSK', min_snr_db: n, spectral_efficiency: n }));
    expect(brief(await faults({ ...base, links: { isl, adaptation: { modcods } } }))).toEqual([
      'links.isl.pairs[1]: IR-1-2 and IR-1-1 are linked already',
      'links.adaptation.modcods[1].name: QPSK is the name of another MODCOD already',
    ]);
  });

  test('an id used twice is one fault for each pair of fields, however many nodes share theirs', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2', 'oslo']);
    const found = await faults({ ...base, constellation: [{ elements: { file } }, { elements: { file, select: { name: 'A*' } } }] });
    // Both files have, so all four are named with their catalogue numbers, and still clash.
    expect(brief(found)).toEqual(['constellation[1].elements.file: node ids A-1-1 and 1 more are used twice', 'ground[0].id: node id oslo is used twice']);
  });

  test('where nodes could not be read, the hint says so', async () => {
    const found = await faults({ constellation: [{ elements: { file: 'missing.tle' } }], traffic: [{ id: 'f', from: 'STARLINK-1007', to: 'STARLINK-1008' }] });
    expect(found[1]).toMatchObject({ path: ['traffic', 0, 'from'], hint: 'it may be one of those that could not be read' });
  });
});
