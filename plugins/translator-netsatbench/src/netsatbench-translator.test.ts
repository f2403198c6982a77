import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LinkState, LinkTable, readTrace, type Scenario, type TickUpdate } from '@satsim/core';
import type { InputFiles } from '@satsim/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { NetSatBenchTranslator } from './netsatbench-translator.js';
import { BARE, EPOCHS, SYSTEM, withField } from './sample-system.js';

const bytes = (files: InputFiles): Map<string, Uint8Array> => new Map(Object.entries(files).map(([path, content]) => [path, Buffer.from(content as string)]));

async function translate(files: InputFiles): Promise<{ scenario: Scenario; ticks: TickUpdate[]; warnings: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-nsb-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const warnings: string[] = [];
  const attached = new Map<string, string | Uint8Array>();
  const scenario = await new NetSatBenchTranslator().translate({
    files: bytes(files),
    warn: (message) => warnings.push(message),
    attach: (path, content) => attached.set(path, content),
  });
  expect([...attached.keys()]).toEqual([scenario.ticks!.trace]);
  const file = join(folder, 'trace.jsonl');
  await writeFile(file, [...attached.values()][0]!);
  const ticks: TickUpdate[] = [];
  for await (const tick of (await readTrace(file)).ticks) ticks.push(tick);
  return { scenario, ticks, warnings };
}

/** `source>target delay/capacity/loss` of every link after each tick. */
function states(ticks: readonly TickUpdate[]): string[][] {
  const table = new LinkTable();
  const short = ({ source, target, oneWayDelayMs, capacityMbps, lossPct }: LinkState): string =>
    `${source}>${target} ${oneWayDelayMs}/${capacityMbps}/${lossPct}`;
  return ticks.map((tick) => {
    table.apply(tick);
    return [...table.values()].map(short).sort();
  });
}

test('each system has a trace of its own name, the same system the same', async () => {
  const name = async (files: InputFiles) => (await translate(files)).scenario.ticks!.trace;
  expect(await name(SYSTEM)).toBe(await name(SYSTEM));
  expect(await name(withField('links-update', []))).not.toBe(await name(withField('delay', '9ms')));
  expect(await name(SYSTEM)).not.toBe(await name(BARE));
});

test('the epochs, in the order of their numbers, become the state of every second', async () => {
  const { scenario, ticks, warnings } = await translate(SYSTEM);
  expect(scenario).toMatchObject({
    name: 'netsatbench',
    time: { t0: '2024-06-01T12:00:00.000Z', t1: '2024-06-01T12:00:11.000Z', dt: '1000ms' },
    ground: [
      { id: 'grd1', lat: 59.9, lon: 10.7, alt_m: 30, role: 'ground_station', relay: true },
      { id: 'usr1', lat: 41.9, lon: 12.5, role: 'user_terminal' },
    ],
    traffic: [{ from: 'usr1', to: 'grd1', kind: 'ping' }],
    ticks: { trace: expect.stringMatching(/^netsatbench-[0-9a-f]{8}\.trace\.jsonl$/) as string },
  });
  const both = (a: string, b: string, state: string): string[] => [`${a}>${b} ${state}`, `${b}>${a} ${state}`];
  const isl = both('sat1', 'sat2', '5/1000/0');
  const first = [...isl, ...both('grd1', 'sat1', '3.5/20/0.5'), ...both('usr1', 'sat2', '4/20/0')].sort();
  const second = [...isl, ...both('grd1', 'sat1', '3.5/20/0.5'), ...both('usr1', 'sat1', '6/0.5/0')].sort();
  const third = [...isl, ...both('grd1', 'sat1', '7/20/0.5'), ...both('usr1', 'sat1', '6/0.5/0')].sort();
  expect(states(ticks)).toEqual([
    ...Array.from({ length: 5 }, () => first),
    ...Array.from({ length: 3 }, () => second),
    ...Array.from({ length: 3 }, () => third),
  ]);
  expect(ticks.map(({ updates, removals }) => [updates.length, removals.length])).toEqual([
    [6, 0],
    ...Array.from({ length: 4 }, () => [0, 0]),
    [2, 2],
    [0, 0],
    [0, 0],
    [2, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(ticks[0]!.updates.map(({ kind }) => kind).sort()).toEqual(['gsl', 'gsl', 'gsl', 'gsl', 'isl', 'isl']);
  expect(warnings).toEqual([
    'epochs/NetSatBench-epoch10.json: links-update names usr1 and grd1, which have no link then; NetSatBench passes over it as well',
    'commands (`run`) are not translated: write `traffic`',
  ]);
});

test('without the configuration names and positions of links say what the nodes are', async () => {
  const { scenario, ticks, warnings } = await translate(BARE);
  expect(scenario.ground).toMatchObject([{ id: 'grd2', lat: 15.4, lon: 78.2, alt_m: 60 }]);
  expect(ticks).toHaveLength(60);
  expect(states(ticks)[59]).toEqual(['grd2>sat14 5/200/0', 'sat14>grd2 5/200/0']);
  expect(warnings).toEqual([expect.stringContaining('there is no sat-config.json')]);
  expect((await translate(EPOCHS)).warnings.at(-1)).toBe('no place is said for grd1, usr1: 0°, 0° stands in the scenario, and nothing depends on it');
});

test('epochs that are closer than a second make ticks that are, too; a link without a rate has some', async () => {
  const epoch = JSON.parse(EPOCHS['epochs/NetSatBench-epoch2.json'] as string) as Record<string, unknown>;
  const { scenario, ticks, warnings } = await translate({
    'epochs/NetSatBench-epoch0.json': EPOCHS['epochs/NetSatBench-epoch0.json']!,
    'epochs/NetSatBench-epoch2.json': JSON.stringify({ ...epoch, time: '2024-06-01T12:00:00.250Z', 'links-add': [{ endpoint1: 'sat1', endpoint2: 'usr1' }] }),
  });
  expect([scenario.time, ticks.length]).toEqual([expect.objectContaining({ dt: '250ms', t1: '2024-06-01T12:00:00.500Z' }), 2]);
  expect(states(ticks)[1]).toContain('sat1>usr1 0/10000/0');
  expect(warnings).toContain('links without a rate get 10000 Mbit/s');
});

test.each([
  [withField('rate', 'fast'), 'epochs/NetSatBench-epoch0.json: links-add[0].rate: "fast" is nothing that tc takes for a rate'],
  [withField('endpoint1', 'sat99'), 'links-add[0].endpoint1: there is no node sat99 in the configuration'],
  [withField('time', '2024-06-02T00:00:00Z'), 'time: 2024-06-01T12:00:05Z is before 2024-06-02T00:00:00Z of epochs/NetSatBench-epoch0.json'],
  [{ 'sat-config.json': SYSTEM['sat-config.json']! }, 'epochs.NetSatBench-epoch0.json: there is no epoch file'],
])('what is wrong is said with file and field', async (files, message) => {
  await expect(translate(files)).rejects.toThrow(message);
});

test('a satsim that takes no further files is told', async () => {
  await expect(new NetSatBenchTranslator().translate({ files: bytes(SYSTEM) })).rejects.toThrow('this version of satsim takes no file beside the scenario');
});
