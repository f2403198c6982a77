import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnTick } from '../../contract/column-tick.js';
import type { LinkState, TickUpdate } from '../../contract/tick.js';
import { readTrace } from './read-trace.js';
import { TickPacker } from './tick-packer.js';
import { all, anyTicks, HEADER, headOf, linesOf, makeStore, plainly, record } from './trace.test-helper.js';
import { headerLine } from './trace-header.js';

/** The canonical text, which is what is hashed. */
const canonical = (ticks: readonly TickUpdate[]): string => [headerLine(HEADER, 'canonical'), ...linesOf(ticks)].join('');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('any ticks that are recorded are read again as they were, and their hash is the hash of the run', async () => {
  const store = await makeStore();
  await fc.assert(
    fc.asyncProperty(anyTicks, fc.boolean(), async (ticks, packed) => {
      const packer = new TickPacker();
      const given = ticks.map(({ removals, updates, ...head }) =>
        packed && updates.every(({ rf }) => rf === undefined) ? columnTick(head, packer.pack({ removals, updates })) : { ...head, removals, updates },
      );
      const hash = await record(store, given);
      const read = await all((await readTrace(store.dir)).ticks);
      expect(plainly(read)).toEqual(plainly(given));
      expect([sha256(canonical(read)), sha256(canonical(given))]).toEqual([hash, hash]);
      for (const tick of read) if (tick.columns) expect(tick.columns.links).toBe(read.find(({ columns }) => columns)!.columns!.links);
    }),
    { numRuns: 150 },
  );
});

const link = (n: number, extra: Partial<LinkState> = {}): LinkState => ({
  linkId: `isl:S-${n}>S-${n + 1}`,
  source: `S-${n}`,
  target: `S-${n + 1}`,
  kind: 'isl',
  up: true,
  oneWayDelayMs: n / 7,
  capacityMbps: 1_000,
  lossPct: 0,
  ...extra,
});
const tickOf = (k: number, links: number): TickUpdate => ({
  ...headOf(k, links),
  snapshot: k === 0,
  removals: [],
  updates: Array.from({ length: links }, (_, n) => link(n, { oneWayDelayMs: (n + k) / 7 })),
});

test('a long trace has many frames, each can be found by the index, and reading may begin at any tick', async () => {
  const store = await makeStore();
  const ticks = Array.from({ length: 60 }, (_, k) => tickOf(k, 2_000));
  await record(store, ticks);
  const { frames, header, format, path } = await readTrace(store.path('traces'));
  expect({ header, format, path }).toEqual({ header: HEADER, format: 'satsim-trace/2', path: store.path('traces/ticks.jsonl.zst') });
  expect(frames!.length).toBeGreaterThan(4);
  expect(frames![0]).toMatchObject({ offset: 0, ticks: 0 });
  expect(frames!.slice(1).map(({ firstTick }) => firstTick)).toEqual(
    frames!.slice(1).map((_, i) => frames!.slice(1, i + 1).reduce((sum, { ticks: n }) => sum + n, 0)),
  );
  for (const from of [0, 1, frames![2]!.firstTick - 1, frames![2]!.firstTick, 59, 60]) {
    const read = await all((await readTrace(store.dir, { from, runId: 'r', scenarioRef: 's' })).ticks);
    expect(linesOf(read)).toEqual(linesOf(ticks.slice(from)));
    for (const { runId, scenarioRef } of read) expect([runId, scenarioRef]).toEqual(['r', 's']);
  }
  await rm(store.path('traces/ticks.index.jsonl'));
  const without = await readTrace(path, { from: 30 });
  expect(without.frames).toBeNull();
  expect((await all(without.ticks)).map(({ tickIndex }) => tickIndex)).toEqual(Array.from({ length: 30 }, (_, k) => k + 30));
});

test.each([
  ['plain', (text: string) => Promise.resolve(Buffer.from(text))],
  ['compressed in one piece', (text: string) => promisify(zstdCompress)(text)],
])('canonical text is read as well, %s: people and other programs write it', async (_how, encode) => {
  const store = await makeStore();
  const ticks = [
    tickOf(0, 3),
    { ...tickOf(1, 2), removals: ['isl:S-2>S-3'] },
    { ...headOf(2, 1), snapshot: false, removals: [], updates: [link(0, { rf: budget() })] },
  ];
  const file = join(store.dir, 'by-hand.jsonl');
  await writeFile(file, await encode(canonical(ticks)));
  const trace = await readTrace(file);
  expect([trace.format, trace.header, trace.frames]).toEqual(['satsim-trace/1', HEADER, null]);
  expect(canonical(await all(trace.ticks))).toBe(canonical(ticks));
});

function budget() {
  return { elevationDeg: 31.5, azimuthDeg: null, slantRangeKm: 812.25, snrDb: 9.5, marginDb: null, modcod: 'QPSK 1/2' };
}

const good = { removals: [], simTimeMs: HEADER.t0, snapshot: true, tickIndex: 0, updates: [link(0)] };
test.each<[string, object | string, string]>([
  ['a text that is no JSON', '{"removals":', 'Unexpected end of JSON input'],
  ['a list', '[]', 'the line is no object'],
  ['no index', { ...good, tickIndex: -1 }, 'tickIndex is no whole number: -1'],
  ['a time off the grid', { ...good, simTimeMs: HEADER.t0 + 1 }, `tick 0 has sim time ${HEADER.t0 + 1}, not t0 + 0·dt = ${HEADER.t0}`],
  ['no snapshot flag', { ...good, snapshot: undefined }, 'snapshot is neither true nor false: nothing'],
  ['removals that are no ids', { ...good, removals: [1] }, 'removals is no list of link ids'],
  ['no updates', { ...good, updates: undefined }, 'updates is no list'],
  ['another kind', { ...good, updates: [link(0), { ...link(1), kind: 'laser' }] }, 'updates[1]: kind is none of isl, gsl, terrestrial: "laser"'],
  ['an id that says something else', { ...good, updates: [{ ...link(0), linkId: 'isl:a>b' }] }, 'updates[0]: linkId is "isl:a>b", not kind:source>target'],
  ['a loss above 100 %', { ...good, updates: [link(0, { lossPct: 101 })] }, 'updates[0]: lossPct is no number from 0 to 100: 101'],
  ['a delay below 0', { ...good, updates: [link(0, { oneWayDelayMs: -1 })] }, 'updates[0]: oneWayDelayMs is no number from 0: -1'],
  ['a capacity in words', { ...good, updates: [{ ...link(0), capacityMbps: '1' }] }, 'updates[0]: capacityMbps is no number from 0: "1"'],
  ['half a budget', { ...good, updates: [{ ...link(0), rf: { slantRangeKm: 1 } }] }, 'updates[0]: elevationDeg of a budget cannot be nothing'],
])('a line with %s is an error that says so, and where', async (_what, line, message) => {
  const store = await makeStore();
  const file = join(store.dir, 'by-hand.jsonl');
  const start = headerLine(HEADER, 'canonical');
  await writeFile(file, `${start}${typeof line === 'string' ? line : JSON.stringify(line)}\n`);
  const reading = all((await readTrace(file)).ticks);
  await expect(reading).rejects.toMatchObject({ code: 'TRACE_INVALID', file, offset: start.length, tickIndex: 0, message: expect.stringContaining(message) });
});

test.each([
  ['an empty file', '', 'the file is empty'],
  ['a file of another kind', '{"a":1}\n', 'the first line is no header of a trace: format: '],
  ['no JSON', 'tick 0\n', 'JSON'],
  ['a line without an end', '{"a":1}', 'the file is cut off: it ends at byte 7, in the middle of a line'],
])('%s is no trace', async (_what, text, message) => {
  const store = await makeStore();
  const file = join(store.dir, 'other.jsonl');
  await writeFile(file, text);
  await expect(readTrace(file)).rejects.toMatchObject({ code: 'TRACE_INVALID', offset: 0, message: expect.stringContaining(message) });
});

test('where there is no trace the error says what makes one', async () => {
  const store = await makeStore();
  await expect(readTrace(store.dir)).rejects.toMatchObject({ code: 'ARTIFACTS', hint: expect.stringContaining('record_trace') });
  await expect(readTrace(store.path('nowhere'))).rejects.toMatchObject({ code: 'ARTIFACTS', message: expect.stringContaining('nowhere') });
});

test('a tick that is missing, or comes again, is an error', async () => {
  const store = await makeStore();
  await record(store, [tickOf(0, 1), tickOf(2, 1)]);
  await expect(all((await readTrace(store.dir)).ticks)).rejects.toThrow('tick 2 stands where tick 1 is due');
});
