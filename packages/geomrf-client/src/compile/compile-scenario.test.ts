import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { toBinary } from '@bufbuild/protobuf';
import { ScenarioError, formatPath, scenarioSchema } from '@satsim/core';
import type { ScenarioFault, ScenarioInputDocument } from '@satsim/core';
import { formatTle, parseElements, walkerShell } from '@satsim/elements';
import { LinkType, ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { compileScenario, specToJson } from './compile-scenario.js';
import { satelliteElements } from './mean-elements.js';

const shared = fileURLToPath(new URL('../../../../../shared/data', import.meta.url));
const noShared = !existsSync(shared);
if (noShared && process.env.CI !== undefined) throw new Error('the shared data are missing');

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'satsim-compile-'));
});
afterEach(() => rm(dir, { recursive: true }));

const TIME = { t0: '2026-11-20T00:00:00Z', t1: '2026-11-20T00:10:00Z' };
const IRIDIUM = { walker: { name: 'IR', pattern: 'star' as const, planes: 6, per_plane: 11, altitude_km: 780, inclination_deg: 86.4, phasing: 2 } };
const OSLO = { id: 'oslo', lat: 59.91, lon: 10.75, alt_m: 20 };
const options = () => ({ baseDir: dir, locate: () => ({ file: 'x.satsim.yaml', line: 7, column: 1 }) });

const compile = (document: Partial<ScenarioInputDocument>) =>
  compileScenario(scenarioSchema.parse({ name: 'x', seed: 42, time: TIME, ...document }), options());
const json = async (document: Partial<ScenarioInputDocument>): Promise<any> => specToJson((await compile(document)).spec);

async function faults(document: Partial<ScenarioInputDocument>): Promise<readonly ScenarioFault[]> {
  try {
    await compile(document);
  } catch (error) {
    if (error instanceof ScenarioError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
}
const brief = (found: readonly ScenarioFault[]) => found.map(({ path, message }) => `${formatPath(path)}: ${message}`);

/** A 3LE file of a small shell, with the names replaced. */
async function elementFile(name: string, names: readonly string[]): Promise<string> {
  const shell = walkerShell(
    { name: 'S', pattern: 'delta', planes: 1, perPlane: names.length, altitudeKm: 550, inclinationDeg: 53, phasing: 0 },
    { unixSeconds: Date.parse(TIME.t0) / 1000, nanos: 0 },
  );
  await writeFile(join(dir, name), formatTle(shell.map(({ elements }, index) => ({ ...elements, objectName: names[index]! }))));
  return name;
}

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
      terminal: { eirp_dbw: 38, g_over_t_db_per_k: 8, frequency_hz: 11_700_000_000, bandwidth_hz: 250_000_000 },
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
          terminal: { eirp_dbw: 60, g_over_t_db_per_k: 25, frequency_hz: 28_500_000_000, bandwidth_hz: 250_000_000, max_links: 4 },
          site: { lat_deg: 59.91, lon_deg: 10.75, alt_m: 20 },
        },
        {
          id: 'ut',
          role: 'USER_TERMINAL',
          relay: true,
          terminal: { eirp_dbw: 35, g_over_t_db_per_k: 9, frequency_hz: 14_000_000_000, bandwidth_hz: 62_500_000, max_links: 2 },
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
      gsl: { selection: 'MAX_SNR', min_elevation_deg: 25, hysteresis_deg: 2, fixed_loss_rate: 0.005 },
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

describe('element files', () => {
  test('names become ids; those shared are told apart by catalogue number', async () => {
    const file = await elementFile('a.tle', ['STARLINK-1007', 'OBJECT A', 'OBJECT A', 'KOMPSAT 5']);
    const { nodes, inputs, spec } = await compile({ constellation: [{ elements: { file } }] });
    expect(nodes.map(({ id }) => id)).toEqual(['STARLINK-1007', 'OBJECT-A-2', 'OBJECT-A-3', 'KOMPSAT-5']);
    expect(inputs).toEqual([{ path: join(dir, 'a.tle'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/), content: await readFile(join(dir, 'a.tle')) }]);
    expect(spec.nodes.every(({ shellPosition }) => shellPosition === undefined)).toBe(true);
  });

  test('are read once however often they are named, and selected from', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2', 'B-1']);
    const { nodes, inputs } = await compile({
      constellation: [{ elements: { file, select: { name: 'B-*' } } }, { elements: { file, select: { name: 'A-*' }, limit: 1 } }],
    });
    expect(nodes.map(({ id }) => id)).toEqual(['B-1', 'A-1']);
    expect(inputs.length).toBe(1);
  });

  test('catalogue numbers that the file does not have are a warning', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const { nodes, warnings } = await compile({ constellation: [{ elements: { file, select: { catalog: [2, 44714] } } }] });
    expect(nodes.map(({ id }) => id)).toEqual(['A-2']);
    expect(warnings).toEqual(['a.tle has no satellite with the catalogue number 44714']);
  });

  test('what goes in comes out: elements of the specification are those of the file', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const { spec } = await compile({ constellation: [{ elements: { file } }] });
    expect(satelliteElements(spec)).toEqual(parseElements(await readFile(join(dir, file)), file).elements);
  });

  test('a bad checksum is a fault with the file and the line in it', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    const lines = (await readFile(join(dir, file), 'utf8')).split('\n');
    lines[4] = `${lines[4]!.slice(0, 68)}${(Number(lines[4]![68]) + 1) % 10}`;
    await writeFile(join(dir, file), lines.join('\n'));
    const [fault] = await faults({ constellation: [{ elements: { file } }] });
    expect(fault).toMatchObject({ file: join(dir, file), line: 5, path: ['constellation', 0, 'elements', 'file'], message: expect.stringContaining('line 5') });
    expect(fault!.message).toMatch(/checksum/i);
  });

  test('a file with thousands of faults tells some and the rest as a number', async () => {
    const file = await elementFile(
      'a.tle',
      Array.from({ length: 100 }, (_, i) => `A-${i}`),
    );
    const content = await readFile(join(dir, file), 'utf8');
    await writeFile(
      join(dir, file),
      content.replaceAll(/^([12] .{66})\d$/gm, (_, line) => `${line}${line.length % 7 === 0 ? 'x' : 'y'}`),
    );
    const found = await faults({ constellation: [{ elements: { file } }] });
    expect(found.length).toBe(21);
    expect(found.at(-1)!.message).toMatch(/^and \d+ more/);
  });

  test('missing, a folder, empty, nothing selected: faults that say what to do', async () => {
    const file = await elementFile('a.tle', ['A-1', 'A-2']);
    await writeFile(join(dir, 'empty.tle'), '');
    const found = await faults({
      constellation: [
        { elements: { file: 'missing.tle' } },
        { elements: { file: '.' } },
        { elements: { file: 'empty.tle' } },
        { elements: { file, select: { name: 'STARLINK*' } } },
      ],
    });
    expect(brief(found)).toEqual([
      expect.stringMatching(/^constellation\[0\]\.elements\.file: .*missing\.tle: no such file/),
      expect.stringMatching(/^constellation\[1\]\.elements\.file: .*folder/),
      expect.stringMatching(/^constellation\[2\]\.elements\.file: /),
      'constellation[3].elements.select: no satellite of the file matches',
    ]);
    expect(found[0]!.line).toBe(7);
    expect(found[3]!.hint).toMatch(/^it holds 2, such as A-1 \(1\); inclinations 53\.0 to 53\.0°, altitudes 5[45]\d\.\d to 5[45]\d\.\d km$/);
  });

  test.skipIf(noShared)('6,469 real satellites', async () => {
    const { nodes } = await compile({ constellation: [{ elements: { file: join(shared, 'starlink-2024-10-21.tle') } }] });
    expect(nodes.length).toBe(6469);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(6469);
  });
});

describe('sites of a CSV file', () => {
  const csv = (columns = { id: 0, lat: 1, lon: 2 }, more = {}) => ({ ground: [{ csv: { file: 'sites.csv', columns, ...more } }] });
  const write = (text: string) => writeFile(join(dir, 'sites.csv'), text);

  test('columns count from 0; a header is left out; names become ids; limit', async () => {
    await write('\uFEFFlatitude,name,altitude,longitude\n\n59.9,"Tromsø, north",12,10.7\n1,b,0,359.5\n2,c,0,2\n');
    const spec = await json(csv({ id: 1, lat: 0, lon: 3, alt_m: 2 } as never, { limit: 2 }));
    expect(spec.nodes.map(({ id, site }: any) => [id, site])).toEqual([
      ['Tromso-north', { lat_deg: 59.9, lon_deg: 10.7, alt_m: 12 }],
      ['b', { lat_deg: 1, lon_deg: 359.5 }],
    ]);
    expect(spec.nodes[0].role).toBe('USER_TERMINAL');
  });

  test('bad rows are faults of that file, each with its line', async () => {
    await write('a,1,2\nb,91,2\nc,1\n,1,2\nd,,2\na,1,2\n"e,1,2');
    const unclosed = await faults(csv());
    expect(unclosed).toEqual([expect.objectContaining({ file: join(dir, 'sites.csv'), message: expect.stringMatching(/quote/i) })]);
    await write('a,1,2\nb,91,2\nc,1\n,1,2\nd,,2\na,1,2\n');
    const found = await faults(csv());
    expect(found.map(({ line, message }) => [line, message])).toEqual([
      [2, 'line 2: lat 91 is not between -90 and 90'],
      [3, 'line 3: there is no column 2 (lon); the row has 2'],
      [4, 'line 4: there is no id in column 0'],
      [5, 'line 5: lat in column 1 is not a number: ""'],
      [6, 'line 6: node id a is used in line 1 already'],
    ]);
    expect(found.every(({ file }) => file === join(dir, 'sites.csv'))).toBe(true);
  });

  test('a missing file and an empty one', async () => {
    expect(brief(await faults(csv()))).toEqual([expect.stringContaining('no such file')]);
    await write('\n');
    expect(brief(await faults(csv()))).toEqual(['ground[0].csv.file: the file holds no sites']);
  });

  test.skipIf(noShared)('100 real cities', async () => {
    const { nodes } = await compile({ ground: [{ csv: { file: join(shared, 'cities-top100.csv'), columns: { id: 1, lat: 2, lon: 3 } } }] });
    expect(nodes.length).toBe(100);
    expect(nodes[3]!.id).toBe('Sao-Paulo');
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
      ['geomrf.selector_defaults.node_ids[0]', 'known: IR-1-1, IR-1-2, IR-2-1, IR-2-2, oslo, singapore'],
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
