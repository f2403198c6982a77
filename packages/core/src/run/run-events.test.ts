import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createRun } from './run.js';
import { event, makePlan, makeTick, OPTIONS, readSummary, removeRuns, run } from './run.test-helper.js';

afterAll(removeRuns);

test('events reach exporters, none before its tick, and none of ticks that a stopped run never had', async () => {
  let delivered = -1;
  const seen: number[] = [];
  const active = await createRun(
    makePlan({
      ticks: 10_000,
      source: {
        events: async function* () {
          for (let k = 0; k < 10_000; k += 10) yield Array.from({ length: 10 }, (_, i) => event(k + i, k + i));
        },
      },
      lanes: { a: () => ({ applyTick: async ({ tickIndex }) => void (delivered = tickIndex) }) },
      exporters: { x: () => ({ writeEvents: async (events) => void seen.push(...events.map(({ tickIndex }) => tickIndex)) }) },
    }),
    OPTIONS,
  );
  const done = active.start();
  await expect.poll(() => seen.length).toBeGreaterThan(20);
  active.stop();
  const result = await done;
  expect(delivered).toBe(result.ticks - 1);
  expect(seen).toEqual(Array.from({ length: result.ticks }, (_, k) => k));
});

test.concurrent('events that are computed long after the last tick are waited for, as long as they come', { timeout: 30_000 }, async () => {
  const seen: number[] = [];
  const result = await run({
    ticks: 3,
    source: {
      events: async function* () {
        for (const [k, waitMs] of [0, 6_000, 6_000].entries()) {
          await sleep(waitMs);
          yield [event(k, k)];
        }
      },
    },
    lanes: { a: () => ({}) },
    exporters: { x: () => ({ writeEvents: async (events) => void seen.push(...events.map(({ seq }) => seq)) }) },
  });
  expect(result.outcome).toBe('completed');
  expect(seen).toEqual([0, 1, 2]);
  expect(readSummary(result.runDir).warnings).not.toContainEqual(expect.stringContaining('events'));
});

test.concurrent('events that stop coming do not hold the run, and it says so', { timeout: 30_000 }, async () => {
  const result = await run({
    ticks: 3,
    source: {
      events: async function* () {
        yield [event(0, 0)];
        await new Promise(() => {});
      },
    },
    lanes: { a: () => ({}) },
    exporters: { x: () => ({ writeEvents: async () => {} }) },
  });
  expect(result.outcome).toBe('completed');
  const said = 'the event stream has made no progress for 10 s after the last tick: events may be missing';
  expect(readSummary(result.runDir).warnings).toContain(said);
});

test.concurrent('a stop ends the wait for events', async () => {
  const plan = makePlan({
    ticks: 3,
    source: {
      events: async function* () {
        yield [event(0, 0)];
        await new Promise(() => {});
      },
    },
    lanes: { a: () => ({}) },
    exporters: { x: () => ({ writeEvents: async () => {} }) },
  });
  const active = await createRun(plan, OPTIONS);
  const done = active.start();
  await expect.poll(() => active.state).toBe('draining');
  const started = performance.now();
  active.stop();
  expect((await done).outcome).toBe('stopped');
  expect(performance.now() - started).toBeLessThan(4_000);
});

test('a source whose ticks wait for the events of earlier ones to be read goes on when ticks are skipped', { timeout: 20_000 }, async () => {
  const waiting: number[] = [];
  let wake = (): void => {};
  const change = () => new Promise<void>((resolve) => (wake = resolve));
  let ended = false;
  const seen: number[] = [];
  const plan = makePlan({
    ticks: 20,
    time: { mode: 'realtime' },
    execution: { on_late_tick: 'skip', queue_limit: 1 },
    source: {
      ticks: async function* () {
        try {
          for (let k = 0; k < 20; k += 1) {
            waiting.push(k);
            wake();
            yield makeTick(k, { simTimeMs: makeTick(0).simTimeMs + k * 10 });
            while (waiting.length > 0) await sleep(1);
          }
        } finally {
          ended = true;
          wake();
        }
      },
      events: async function* () {
        for (;;) {
          const k = waiting.shift();
          if (k !== undefined) yield [event(k, k)];
          else if (ended) return;
          else await change();
        }
      },
    },
    lanes: { slow: () => ({ applyTick: () => sleep(35) }) },
    exporters: { x: () => ({ writeEvents: async (events) => void seen.push(...events.map(({ tickIndex }) => tickIndex)) }) },
  });
  const active = await createRun({ ...plan, time: { ...plan.time, dtMs: 10, t1Ms: plan.time.t0Ms + 200 } }, OPTIONS);
  const result = await active.start();
  expect(result.pace!.skippedTicks).toBeGreaterThan(5);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, k) => k));
});
