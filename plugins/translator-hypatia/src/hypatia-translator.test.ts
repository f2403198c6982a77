import type { Scenario } from '@satsim/core';
import type { InputFiles } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { HypatiaTranslator } from './hypatia-translator.js';
import { RUN, STATE } from './sample-state.js';

const without = (name: string): InputFiles => Object.fromEntries(Object.entries(STATE).filter(([path]) => path !== `kit_630/${name}`));
const changed = (name: string, change: (text: string) => string): InputFiles => ({ ...STATE, [`kit_630/${name}`]: change(STATE[`kit_630/${name}`]!) });

async function translate(input: InputFiles): Promise<{ scenario: Scenario; warnings: string[] }> {
  const warnings: string[] = [];
  const files = new Map(Object.entries(input).map(([path, text]) => [path, new TextEncoder().encode(text as string)]));
  const scenario = await new HypatiaTranslator().translate({ files, warn: (message) => warnings.push(message) });
  return { scenario, warnings };
}
/** `file:line: field: message` */
async function faults(input: InputFiles): Promise<string[]> {
  const error = (await translate(input).catch((thrown: unknown) => thrown)) as { message?: string };
  return error.message?.split('\n').map((line) => line.replace('kit_630/', '')) ?? [];
}

test('satellites from tles.txt itself, links by pairs, every station on every satellite in range', async () => {
  const { scenario, warnings } = await translate(STATE);
  expect(scenario).toMatchObject({
    name: 'kit_630',
    time: { t0: '2000-01-01T00:00:00Z', duration: '10m', dt: '1s' },
    constellation: [{ elements: { file: 'kit_630/tles.txt' } }],
    ground: [
      { id: 'Manila', lat: 14.6042, lon: 120.9822, alt_m: 0, relay: false, role: 'ground_station' },
      { id: 'Sao-Paulo', lat: -23.5475, lon: -46.63611, alt_m: 760 },
      { id: 'Tbilisi', alt_m: 400.5 },
    ],
    links: { isl: { pattern: 'explicit', max_range_km: 5014.0005, capacity_mbps: 10 }, gsl: { policy: 'all_visible', capacity_mbps: 10, loss_pct: 0 } },
    traffic: [
      { id: 'Manila-Tbilisi', from: 'Manila', to: 'Tbilisi' },
      { id: 'Sao-Paulo-Tbilisi', from: 'Sao-Paulo', to: 'Tbilisi' },
    ],
  });
  const { pairs } = scenario.links!.isl!;
  expect(pairs).toHaveLength(96);
  expect(pairs!.slice(0, 2)).toEqual([
    ['Kit-630-0', 'Kit-630-1'],
    ['Kit-630-0', 'Kit-630-8'],
  ]);
  // 1,260 km at 630 km of altitude: half of it on a flat Earth, 30°; less on a round one.
  expect(scenario.links!.gsl!.min_elevation_deg).toBeCloseTo(25.21, 2);
  expect(warnings).toEqual([expect.stringContaining('no data rates')]);
});

test('data rates, duration and tick from the properties of a run', async () => {
  const { scenario, warnings } = await translate({ ...STATE, 'run/config_ns3.properties': RUN });
  expect(scenario.time).toMatchObject({ duration: '200s', dt: '100ms' });
  expect(scenario.links).toMatchObject({ isl: { capacity_mbps: 20.5 }, gsl: { capacity_mbps: 8 } });
  expect(warnings).toEqual([]);
});

test('without links between satellites, stations relay', async () => {
  const { scenario } = await translate({ ...STATE, 'kit_630/isls.txt': '' });
  expect(scenario.links!.isl!.pattern).toBe('none');
  expect(scenario.ground).toEqual(expect.arrayContaining([expect.objectContaining({ id: 'Manila', relay: true })]));
});

test('stations of one name, without a name in ASCII, or with that of a satellite get their number', async () => {
  const { scenario } = await translate({ ...STATE, 'kit_630/ground_stations.txt': '0,Rio,1,2,0\n1,Rio,1,3,0\n2,東京,1,4,0\n3,Kit-630 5,1,5,0\n' });
  expect(scenario.ground!.map((item) => 'id' in item && item.id)).toEqual(['Rio', 'Rio-1', 'gs-2', 'Kit-630-5-3']);
});

test('one station, or none, has nobody to ping', async () => {
  expect((await translate({ ...STATE, 'kit_630/ground_stations.txt': '0,Rio,1,2,0\n' })).scenario.traffic).toEqual([]);
  expect((await translate({ ...STATE, 'kit_630/ground_stations.txt': '' })).scenario.traffic).toEqual([]);
});

describe('what is wrong is told with file, line and field, all at once', () => {
  test('in every file', async () => {
    const found = await faults({
      'kit_630/tles.txt': STATE['kit_630/tles.txt']!.replace('6 8', '6 9'),
      'kit_630/isls.txt': '0 1\n1 0\n\n3 3\n4 48\n5\n',
      'kit_630/ground_stations.txt': '0,A,91,0,0\n2,B,0,,high\n2,C,0\n',
      'kit_630/description.txt': 'max_gsl_length_m=600000\n',
      'config_ns3.properties': RUN.replace('=100000000\n', '=100000\n').replace('=8.0', '=-8'),
    });
    expect(found).toEqual([
      'tles.txt:1: says 6 × 9 satellites, and 48 follow',
      'isls.txt:2: the satellites 1 and 0 are linked in line 1 already',
      'isls.txt:4: satellite 3 cannot be linked to itself',
      'isls.txt:5: there is no satellite 48; the last is 47',
      'isls.txt:6: two indices of satellites are expected, found "5"',
      'ground_stations.txt:1: latitude: a number between -90 and 90 is expected, found "91"',
      'ground_stations.txt:2: id: is 2, and the stations have to be numbered from 0: 1 is expected',
      'ground_stations.txt:2: longitude: a number between -180 and 360 is expected, found ""',
      'ground_stations.txt:2: elevation: a number between -500 and 100000 is expected, found "high"',
      'ground_stations.txt:3: 5 or 8 columns are expected (id,name,latitude,longitude,elevation[,x,y,z]), found 3',
      'description.txt: max_isl_length_m: is missing',
      'description.txt:1: max_gsl_length_m: is less than the altitude of the satellites, 630 km: nobody would ever see one',
      'config_ns3.properties:5: dynamic_state_update_interval_ns: a whole number of milliseconds is expected, in nanoseconds',
      'config_ns3.properties:8: gsl_data_rate_megabit_per_s: a number above 0 is expected, found "-8"',
    ]);
  });

  test.each(['tles.txt', 'isls.txt', 'ground_stations.txt', 'description.txt'])('%s is missing', async (name) => {
    expect(await faults(without(name))).toEqual([
      `${name}: is missing (a satellite network state is tles.txt, isls.txt, ground_stations.txt, description.txt)`,
    ]);
  });

  test('two states at once', async () => {
    expect(await faults({ ...STATE, 'other/isls.txt': '' })).toEqual([
      'isls.txt: is there more than once: isls.txt, other/isls.txt (give the files of one state)',
    ]);
  });

  test.each([
    ['no counts', (text: string) => text.replace('6 8\n', ''), 'tles.txt:1: the first line is not `<orbits> <satellites per orbit>`'],
    [
      'a wrong checksum',
      (text: string) => text.replace(/.\nKit-630 1\n/, 'X\nKit-630 1\n'),
      'tles.txt:4: checksum is wrong: column 69 says "X", the line adds up to 5',
    ],
    [
      'one name twice',
      (text: string) => text.replace('Kit-630 2\n', 'Kit-630 1\n'),
      'tles.txt: satellites[2].name: makes the id Kit-630-1, as that of satellite 1 does (number the satellites in their names)',
    ],
  ])('tles.txt: %s', async (_, change, expected) => {
    expect((await faults(changed('tles.txt', change)))[0]).toMatch(expected.slice(0, -1));
  });

  test('thousands of faults in a file are told in a few lines', async () => {
    const found = await faults({ ...STATE, 'kit_630/isls.txt': '0 99\n'.repeat(5_000) });
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('isls.txt: and 4980 more faults in this file');
  });
});
