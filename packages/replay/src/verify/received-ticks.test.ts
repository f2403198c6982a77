import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LinkState, readTrace, type TickUpdate, TraceText } from '@satsim/core';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { windowed } from '../source/window.js';
import { differenceOf } from './divergence.js';
import { judgeReplay } from './judge-replay.js';
import { receivedTicks } from './received-ticks.js';

const DT = 1_000;
const ids = ['isl:a>b', 'isl:b>a', 'isl:b>c', 'isl:c>b'];
const step = fc.record({
  removals: fc.subarray(ids),
  updates: fc.subarray(ids).chain((some) => fc.tuple(...some.map((id) => fc.nat({ max: 9 }).map((ms) => state(id, ms))))),
});

function state(linkId: string, oneWayDelayMs: number): LinkState {
  const [source, target] = linkId.slice(4).split('>') as [string, string];
  return { linkId, source, target, kind: 'isl', up: true, oneWayDelayMs, capacityMbps: 1, lossPct: 0 };
}

const ticksOf = (steps: readonly { removals: string[]; updates: LinkState[] }[]): TickUpdate[] =>
  steps.map((changes, tickIndex) => ({
    runId: 'r',
    scenarioRef: 's',
    tickIndex,
    simTimeMs: tickIndex * DT,
    snapshot: tickIndex === 0,
    stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: changes.updates.length },
    ...changes,
  }));

async function traceOf(ticks: readonly TickUpdate[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'satsim-received-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const text = new TraceText({ seed: 0, t0: 0, dt: DT, specSha256: '', engineVersion: '' });
  for (const tick of ticks) text.add(tick);
  const file = join(folder, 'trace.jsonl');
  await writeFile(file, text.toString());
  return file;
}

/** What the run would hand to its lanes. */
async function deliver(trace: string, window: { first: number; count: number }, ticks: AsyncIterable<TickUpdate>) {
  const received = await receivedTicks({ trace: await readTrace(trace), upTo: 'end' }, window);
  const exporter = received.exporter.create({} as never);
  await exporter.open();
  for await (const tick of ticks) await exporter.writeTick!(tick);
  await exporter.close('completed');
  return received.result();
}

test('what a window delivers is what was recorded, and leads to the same state as all ticks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), fc.nat(), fc.nat(), async (steps, a, b) => {
      const ticks = ticksOf(steps);
      const first = a % ticks.length;
      const count = 1 + (b % (ticks.length - first));
      const delivered: TickUpdate[] = [];
      for await (const tick of windowed(stream(ticks), { first, count })) delivered.push(tick);
      expect(delivered.map(({ tickIndex }) => tickIndex)).toEqual(Array.from({ length: count }, (_, k) => k));
      expect(delivered[0]!.snapshot).toBe(true);
      expect(stateAfter(delivered)).toEqual(stateAfter(ticks.slice(0, first + count)));
      const compared = await deliver(await traceOf(ticks), { first, count }, stream(delivered));
      expect(compared).toMatchObject({ ticks: count, divergence: null });
    }),
    { numRuns: 60 },
  );
});

test('a tick that somebody changed on the way is found', async () => {
  const ticks = ticksOf(Array.from({ length: 6 }, (_, k) => ({ removals: [], updates: ids.map((id) => state(id, k)) })));
  const trace = await traceOf(ticks);
  const meddled = ticks.map((tick) => (tick.tickIndex < 4 ? tick : { ...tick, updates: tick.updates.map((link) => ({ ...link, lossPct: 1 })) }));
  expect(await deliver(trace, { first: 0, count: 6 }, stream(meddled))).toMatchObject({
    ticks: 4,
    divergence: { tickIndex: 4, linkId: 'isl:a>b', field: 'lossPct', expected: 0, actual: 1 },
  });
});

test('a tick after the last of the recording is found', async () => {
  const ticks = ticksOf(Array.from({ length: 3 }, () => ({ removals: [], updates: [] })));
  const more = { ...ticks[2]!, tickIndex: 3, simTimeMs: 3 * DT };
  expect(await deliver(await traceOf(ticks), { first: 0, count: 3 }, stream([...ticks, more]))).toMatchObject({
    ticks: 3,
    divergence: { tickIndex: 3, field: 'tick', expected: null, actual: 'a tick' },
  });
});

test('whether a replay is what was recorded: every tick, each as it was, and the hash of the run', () => {
  const [completed, stopped] = [
    { outcome: 'completed', traceSha256: '12' },
    { outcome: 'interrupted', traceSha256: '34' },
  ] as const;
  const compared = (ticks: number) => ({ ticks, divergence: null, sha256: '' });
  const due = { ticks: 3, traceSha256: '12' };
  expect(judgeReplay(completed, compared(3), due)).toBeNull();
  expect(judgeReplay(stopped, compared(2), due)).toBeNull();
  expect(judgeReplay(completed, compared(3), { ...due, traceSha256: null })).toBeNull();
  expect(judgeReplay(completed, compared(0), due)).toBe('the lanes received 0 of 3 recorded ticks');
  expect(judgeReplay(completed, compared(3), { ...due, traceSha256: '56' })).toContain('the ticks have the hash 12, the run says 56');
  expect(judgeReplay(completed, { ...compared(1), divergence: differenceOf(ticksOf([NOTHING])[0]!, ticksOf([NOTHING, NOTHING])[1]!) }, due)).toContain(
    'tickIndex: 0 was recorded, now it is 1',
  );
});

const NOTHING = { removals: [], updates: [] };

function stateAfter(ticks: readonly TickUpdate[]): unknown {
  const links = new Map<string, LinkState>();
  for (const tick of ticks) {
    if (tick.snapshot) links.clear();
    for (const id of tick.removals) links.delete(id);
    for (const link of tick.updates) links.set(link.linkId, link);
  }
  return [...links.values()].sort((x, y) => (x.linkId < y.linkId ? -1 : 1));
}

async function* stream(ticks: readonly TickUpdate[]): AsyncGenerator<TickUpdate> {
  yield* ticks;
}
