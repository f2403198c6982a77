import { afterEach, expect, test, vi } from 'vitest';
import type { TickUpdate } from '../../contract/tick.js';
import { readTrace } from './read-trace.js';
import { all, HEADER, headOf, linesOf, makeStore, record } from './trace.test-helper.js';
import { TraceRecorder } from './trace-recorder.js';

afterEach(() => vi.useRealTimers());

/** Delays that no compressor makes much shorter. */
function tickOf(k: number, links: number): TickUpdate {
  const updates = Array.from({ length: links }, (_, n) => {
    const [source, target] = [`S-${n}`, `S-${n + 1}`];
    return { linkId: `isl:${source}>${target}`, source, target, kind: 'isl' as const, up: true, oneWayDelayMs: Math.random(), capacityMbps: 1, lossPct: 0 };
  });
  return { ...headOf(k, links), snapshot: k === 0, removals: [], updates };
}

test('ticks that come while the frame before is being written are in a frame of their own', async () => {
  const store = await makeStore();
  const ticks = Array.from({ length: 30 }, (_, k) => tickOf(k, k % 3 === 0 ? 2_000 : 1));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const recorder = await TraceRecorder.open(store, HEADER, true);
  for (const tick of ticks) {
    await recorder.add(tick);
    // The frame ends by its age, and nobody waits for it.
    vi.advanceTimersByTime(5_000);
  }
  await recorder.close();
  const { frames, ticks: read } = await readTrace(store.dir);
  expect(frames!.map(({ firstTick }) => firstTick).slice(1)).toEqual(ticks.map(({ tickIndex }) => tickIndex));
  expect(linesOf(await all(read))).toEqual(linesOf(ticks));
});

test('a tick longer than any buffer is one frame', async () => {
  const store = await makeStore();
  const ticks = [tickOf(0, 120_000), tickOf(1, 3)];
  await record(store, ticks);
  const { frames, ticks: read } = await readTrace(store.dir);
  expect(frames!.map(({ ticks: count }) => count)).toEqual([0, 1, 1]);
  expect(frames![1]!.bytes).toBeGreaterThan(1 << 20);
  expect(linesOf(await all(read))).toEqual(linesOf(ticks));
});
