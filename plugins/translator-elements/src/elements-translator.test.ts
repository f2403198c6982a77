import type { Scenario } from '@satsim/core';
import type { InputFiles } from '@satsim/core/testing';
import { describe, expect, test } from 'vitest';
import { ElementsTranslator } from './elements-translator.js';
import { shell, WRITERS } from './sample-files.js';

const EPOCH = '2026-11-20T00:00:00Z';
const filesOf = (input: InputFiles) => new Map(Object.entries(input).map(([path, text]) => [path, new TextEncoder().encode(text as string)]));

async function translate(input: InputFiles): Promise<{ scenario: Scenario; warnings: string[] }> {
  const warnings: string[] = [];
  const scenario = await new ElementsTranslator().translate({ files: filesOf(input), warn: (message) => warnings.push(message) });
  return { scenario, warnings };
}
async function faults(input: InputFiles): Promise<readonly object[]> {
  return translate(input).then(
    () => [],
    (error: { faults: readonly object[] }) => error.faults,
  );
}

const TLE = WRITERS['kit.3le']!(shell(EPOCH));

test('refers to the file, starts at its epoch, and has something to see', async () => {
  const { scenario, warnings } = await translate({ 'data/my shell.tle': TLE });
  expect(scenario).toMatchObject({
    name: 'my-shell',
    time: { t0: EPOCH, duration: '10m', dt: '1s' },
    constellation: [{ elements: { file: 'data/my shell.tle' } }],
    ground: [{ id: 'singapore' }, { id: 'nairobi' }, { id: 'lagos' }, { id: 'quito' }],
    traffic: [
      { id: 'singapore-nairobi', kind: 'ping' },
      { id: 'lagos-quito', kind: 'ping' },
    ],
  });
  expect(scenario.links).toBeUndefined();
  expect(warnings).toEqual([]);
});

test('every encoding of the same satellites makes the same scenario but for the name of the file', async () => {
  const scenarios = await Promise.all(
    Object.entries(WRITERS).map(async ([name, write]) => [name, (await translate({ [name]: write(shell(EPOCH)) })).scenario] as const),
  );
  const [[, first]] = scenarios as [(typeof scenarios)[number]];
  for (const [name, scenario] of scenarios) expect(scenario).toEqual({ ...first, constellation: [{ elements: { file: name } }] });
});

test.each([
  ['2026-11-20T10:59:00Z', '2026-11-20T10:59:00Z'],
  ['2026-11-20T10:59:00.001Z', '2026-11-20T11:00:00Z'],
  ['2026-12-31T23:59:59Z', '2027-01-01T00:00:00Z'],
])('t0 is the newest epoch of all files (%s), up to the next full minute (%s)', async (newest, t0) => {
  const { scenario } = await translate({
    'new.json': WRITERS['kit.json']!(shell(newest)),
    'old.json': WRITERS['kit.json']!(shell('2020-01-01T00:00:00Z', { firstCatalog: 101 })),
  });
  expect(scenario.time.t0).toBe(t0);
});

test('several files are several items, in the order of their paths; the first gives the name', async () => {
  const other = WRITERS['kit.3le']!(shell(EPOCH, { name: 'B', firstCatalog: 101 }));
  const { scenario } = await translate({ 'b.tle': other, 'a.tle': TLE });
  expect(scenario.name).toBe('a');
  expect(scenario.constellation).toEqual([{ elements: { file: 'a.tle' } }, { elements: { file: 'b.tle' } }]);
});

test('Alpha-5 and six-digit catalogue numbers', async () => {
  const numbered = (format: string) => ({ [format]: WRITERS[format]!(shell(EPOCH, { firstCatalog: 270_000 })) });
  expect(numbered('kit.tle')['kit.tle']).toMatch(/^1 T0000U/);
  expect((await translate(numbered('kit.tle'))).scenario.constellation).toHaveLength(1);
  expect((await translate(numbered('kit.json'))).scenario.constellation).toHaveLength(1);
});

test('high satellites get links of fixed capacity, which is told', async () => {
  const { scenario, warnings } = await translate({
    'gnss.tle': WRITERS['kit.3le']!([...shell(EPOCH), ...shell(EPOCH, { name: 'HIGH', altitudeKm: 20_200, firstCatalog: 101 })]),
  });
  expect(scenario.links).toMatchObject({ gsl: { capacity_mbps: 100, loss_pct: 0, min_elevation_deg: 10 } });
  expect(warnings).toEqual([expect.stringContaining('as high as 20200 km')]);
});

describe('what is wrong is told with its file and line', () => {
  test('in the file', async () => {
    expect(await faults({ 'x/a.tle': TLE.replace(/.\n0 KIT-1-2/, 'X\n0 KIT-1-2') })).toEqual([
      expect.objectContaining({ file: 'x/a.tle', line: 3, message: expect.stringContaining('checksum') as string }),
    ]);
  });
  test('a file of something else among the others', async () => {
    const [fault] = await faults({ 'a.tle': TLE, 'README.md': '# Notes\n' });
    expect(fault).toMatchObject({ file: 'README.md' });
  });
  test('a satellite that stands there twice, in one file or in two', async () => {
    const found = [expect.objectContaining({ file: 'b.tle', message: 'KIT-1-1 (1) stands in a.tle already' })];
    expect((await faults({ 'a.tle': TLE, 'b.tle': TLE })).slice(0, 1)).toEqual(found);
    expect((await faults({ 'a.tle': TLE + TLE }))[0]).toMatchObject({ file: 'a.tle', message: 'KIT-1-1 (1) stands twice in this file' });
  });
  test('a history of thousands of sets is told in a few lines', async () => {
    const found = await faults({ 'a.tle': TLE.repeat(1_000) });
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toMatchObject({ message: 'and 5974 more element sets of satellites that stand there already' });
  });
});

test('a whole catalogue and more is no problem for the stack', async () => {
  const [one] = shell(EPOCH);
  const sets = Array.from({ length: 150_000 }, (_, index) => ({ ...one!, objectName: `S-${index}`, noradCatId: index + 1 }));
  const { scenario } = await translate({ 'all.json': WRITERS['kit.json']!(sets) });
  expect(scenario.time.t0).toBe(EPOCH);
});
