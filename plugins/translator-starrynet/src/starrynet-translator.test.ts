import type { Scenario } from '@satsim/core';
import type { InputFiles } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { FLAT, PROGRAM, shell, SHELLS } from './sample-configs.js';
import { StarryNetTranslator } from './starrynet-translator.js';

const json = (config: object) => ({ 'config.json': JSON.stringify(config) });

async function translate(input: InputFiles): Promise<{ scenario: Scenario; warnings: string[] }> {
  const warnings: string[] = [];
  const files = new Map(Object.entries(input).map(([path, text]) => [path, new TextEncoder().encode(text as string)]));
  const scenario = await new StarryNetTranslator().translate({ files, warn: (message) => warnings.push(message) });
  return { scenario, warnings };
}
async function faults(input: InputFiles): Promise<string[]> {
  const error = (await translate(input).catch((thrown: unknown) => thrown)) as { message?: string };
  return error.message?.split('\n') ?? [];
}

test('the older format: one shell', async () => {
  const { scenario, warnings } = await translate({ ...json(FLAT), 'example.py': PROGRAM });
  expect(scenario).toMatchObject({
    name: 'kit-net',
    time: { t0: '2022-01-01T01:00:00Z', duration: '120s', dt: '500ms' },
    constellation: [{ walker: { name: 'kit-net', pattern: 'delta', planes: 24, per_plane: 22, altitude_km: 550, inclination_deg: 53, phasing: 18 } }],
    ground: [
      { id: 'gs-1', lat: 50.110924, lon: 8.682127, role: 'ground_station' },
      { id: 'gs-2', lat: -33.92, lon: 18.42 },
      { id: 'gs-3', lat: 46.6357, lon: 14.311817 },
    ],
    terminals: { ground_station: { antennas: 2 } },
    links: {
      isl: { pattern: 'plus_grid', capacity_mbps: 4_350 },
      gsl: { policy: 'max_elevation', hysteresis_deg: 0, min_elevation_deg: 25, capacity_mbps: 2_000, loss_pct: 1.5 },
    },
    traffic: [
      { id: 'gs-1-gs-2', from: 'gs-1', to: 'gs-2', kind: 'ping' },
      { id: 'gs-1-gs-3', from: 'gs-1', to: 'gs-3' },
    ],
  });
  expect(warnings).toEqual(['config.json: "GS number" is 2, but GS_lat_long has 3; the list counts']);
});

test('the newer format: several shells', async () => {
  const { scenario } = await translate(json(SHELLS));
  expect(scenario.constellation).toMatchObject([
    { walker: { name: 'kit-net-1', planes: 36, per_plane: 20, altitude_km: 560, inclination_deg: 70 } },
    { walker: { name: 'kit-net-2', inclination_deg: 97.6 } },
  ]);
  expect(scenario).toMatchObject({ time: { dt: '1s' }, links: { gsl: { min_elevation_deg: 30 } } });
});

test('nothing of machines, users and passwords gets into the scenario', async () => {
  for (const config of [FLAT, SHELLS]) expect(JSON.stringify((await translate(json(config))).scenario)).not.toMatch(/never-to-be-copied|192\.0\.2\.1|"root"/);
});

test("without a program the stations are those of StarryNet's example, which is told", async () => {
  const { scenario, warnings } = await translate({ ...json(FLAT), 'setup.py': 'print("nothing of it")' });
  expect(scenario.ground).toMatchObject([
    { id: 'gs-1', lat: 50.110924 },
    { id: 'gs-2', lon: 14.311817 },
  ]);
  expect(warnings).toEqual([expect.stringContaining("those of StarryNet's example are taken")]);
});

describe('what a scenario cannot say, or says differently, is told', () => {
  const remarks = async (change: object) => (await translate({ ...json({ ...FLAT, ...change }), 'x.py': 'GS_lat_long=[[1,2],[3,4]]' })).warnings;
  test.each([
    ['loss between satellites', { 'satellite link loss ("X"% )': 3 }, /a loss of 3 %/],
    ['another phasing than the one StarryNet uses', { 'Phase shift': 1 }, /phasing is 1.*always takes 18: write 18/],
    ['neighbours behind the Earth', { '# of satellites': 5 }, /the Earth is between them/],
    ['a key of a fork', { tle_file_path: 'x.tle' }, /"tle_file_path" has no counterpart/],
  ])('%s', async (_, change, expected) => {
    expect(await remarks(change)).toEqual([expect.stringMatching(expected)]);
  });
  test('and nothing else', async () => {
    expect(await remarks({})).toEqual([]);
  });
});

test('a phase shift beyond the planes is the same shell with fewer', async () => {
  const { scenario } = await translate(json({ ...FLAT, 'Phase shift': 50 }));
  expect(scenario.constellation).toMatchObject([{ walker: { phasing: 2 } }]);
});

describe('what is wrong is told with its file and key', () => {
  test('every key at once', async () => {
    const { antenna_inclination_angle: _, ...rest } = FLAT;
    expect(await faults(json({ ...rest, 'Altitude (km)': '550', Inclination: 181, '# of orbit': 0, 'Satellite link': 'mesh' }))).toEqual([
      expect.stringMatching(/^config\.json: Satellite link: only `grid` is known/),
      expect.stringMatching(/^config\.json: Altitude \(km\): /),
      expect.stringMatching(/^config\.json: Inclination: /),
      expect.stringMatching(/^config\.json: # of orbit: /),
      'config.json: antenna_inclination_angle: is missing',
    ]);
  });
  test('in a shell', async () => {
    expect(await faults(json({ ...SHELLS, Shells: [shell(70), { ...shell(53), Orbits: -1 }] }))).toEqual([
      expect.stringMatching(/^config\.json: Shells\[1\]\.Orbits: /),
    ]);
  });
  test.each([
    ['no JSON', { 'config.json': '{ "Name": ' }, /^config\.json: this is not valid JSON/],
    ['no object', { 'config.json': '[]' }, /^config\.json: .*JSON object/],
    ['no configuration', { 'example.py': PROGRAM }, /^config\.json: is missing/],
    ['two configurations', { 'a.json': JSON.stringify(FLAT), 'b.json': JSON.stringify(FLAT) }, /^b\.json: a\.json is a configuration as well \(give one\)/],
    ['two lists of stations', { ...json(FLAT), 'a.py': PROGRAM, 'b.py': PROGRAM }, /^b\.py:3: GS_lat_long: is set in a\.py:3 already/],
    ['a list that is computed', { ...json(FLAT), 'a.py': 'GS_lat_long = [[x, y]]' }, /^a\.py:1: GS_lat_long: is not a plain list/],
    ['a place off the Earth', { ...json(FLAT), 'a.py': '\nGS_lat_long = [[1, 2], [-91, 0]]' }, /^a\.py:2: GS_lat_long: station 2 .*\[-91,0\]/],
  ] as const)('%s', async (_, input, expected) => {
    expect(await faults(input)).toEqual([expect.stringMatching(expected)]);
  });
});
