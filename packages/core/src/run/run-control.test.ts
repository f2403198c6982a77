import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { createRun } from './run.js';
import { expectTruth, makePlan, OPTIONS, recorder, removeRuns } from './run.test-helper.js';

afterAll(removeRuns);

test('pause: no lane gets a tick until resume; illegal control is refused', async () => {
  let applied = 0;
  const plan = makePlan({ ticks: 200, lanes: { a: () => ({ applyTick: async () => (await sleep(1), void (applied += 1)) }) } });
  const active = await createRun(plan, OPTIONS);
  expect(() => active.resume()).toThrow(expect.objectContaining({ code: 'RUN_STATE' }));
  const done = active.start();
  await expect.poll(() => applied, { interval: 1 }).toBeGreaterThan(3);
  await active.pause();
  const before = applied;
  expect(before).toBeLessThan(200);
  await expect(active.pause()).rejects.toMatchObject({ code: 'RUN_STATE' });
  await sleep(50);
  expect(applied).toBe(before);
  expect(active.state).toBe('paused');
  active.resume();
  const result = await done;
  expect(result).toMatchObject({ outcome: 'completed', ticks: 200, lanes: [{ ticks: 200 }] });
  expect(active.state).toBe('finished');
  await expect(active.start()).rejects.toMatchObject({ code: 'RUN_STATE' });
  await expectTruth(result);
});

test.each([
  [true, 'stopped', 0],
  [false, 'interrupted', 130],
] as const)('stop with drain_on_stop %s: %s, exit code %i', async (drain, outcome, exitCode) => {
  const { log, lane } = recorder();
  const plan = makePlan({
    ticks: 10_000,
    execution: { drain_on_stop: drain, queue_limit: 8 },
    lanes: { a: () => ({ ...lane, applyTick: async (tick) => (await sleep(2), lane.applyTick(tick)) }) },
  });
  const active = await createRun(plan, OPTIONS);
  const done = active.start();
  await expect.poll(() => log.length).toBeGreaterThan(10);
  active.stop(outcome);
  const result = await done;
  expect(result).toMatchObject({ outcome, exitCode });
  expect(log.at(-1)).toBe('finalize');
  const applied = result.lanes[0]!.ticks;
  if (drain) expect(applied).toBe(result.ticks);
  else expect(applied).toBeLessThan(result.ticks);
  await expectTruth(result);
});

test.each([
  ['stop', false],
  ['abort', true],
] as const)('%s while ticks flow: the signal that the source was opened under is aborted: %s', async (how, aborted) => {
  let opened: AbortSignal | undefined;
  let abortedAtClose: boolean | undefined;
  const plan = makePlan({
    ticks: 1000,
    source: { open: async (_deps, signal) => void (opened = signal) },
    lanes: { a: () => ({ applyTick: async ({ tickIndex }) => (tickIndex === 3 ? active[how]() : undefined) }) },
    exporters: { e: () => ({ close: async () => void (abortedAtClose ??= opened?.aborted) }) },
  });
  const active = await createRun(plan, OPTIONS);
  await active.start();
  expect(abortedAtClose).toBe(aborted);
});

test('stop while paused, and before the start', async () => {
  const paused = await createRun(makePlan({ ticks: 10_000, lanes: { a: () => ({ applyTick: () => sleep(1) }) } }), OPTIONS);
  const done = paused.start();
  await expect.poll(() => paused.state).toBe('running');
  await paused.pause();
  paused.stop();
  await expectTruth(await done);
  expect((await done).outcome).toBe('stopped');
  const early = await createRun(makePlan({ lanes: { a: () => ({}) } }), OPTIONS);
  early.stop('interrupted');
  const result = await early.start();
  expect(result).toMatchObject({ outcome: 'interrupted', ticks: 0, exitCode: 130 });
  await expectTruth(result);
});

test('abort: gives up a tick and an exporter that hang, finalizes, within a few seconds', async () => {
  let closed: string | null = null;
  const { log, lane } = recorder();
  const active = await createRun(
    makePlan({
      lanes: { a: () => ({ ...lane, applyTick: () => new Promise(() => log.push('hangs')) }) },
      exporters: { x: () => ({ writeTick: () => new Promise(() => {}), close: async (outcome) => void (closed = outcome) }) },
    }),
    OPTIONS,
  );
  const done = active.start();
  await expect.poll(() => log).toContain('hangs');
  const before = performance.now();
  active.abort();
  const result = await done;
  expect(performance.now() - before).toBeLessThan(4_000);
  expect(result.lanes).toMatchObject([{ state: 'stopped', ticks: 0, error: null }]);
  // The exporter was left with a write at hand: that is told, but it is what an abort asks for and no failure.
  expect(result).toMatchObject({ outcome: 'interrupted', exitCode: 130, exporters: [{ ticks: 0, error: expect.stringContaining('aborted') }] });
  expect(closed).toBe('interrupted');
  expect(log.at(-1)).toBe('finalize');
  await expectTruth(result);
});

test('abort while a source and a lane prepare', async () => {
  for (const hang of ['source', 'exporter', 'lane']) {
    const never = () => new Promise<void>(() => {});
    const { log, lane } = recorder();
    const active = await createRun(
      makePlan({
        source: hang === 'source' ? { open: never } : {},
        exporters: hang === 'exporter' ? { x: () => ({ open: never }) } : {},
        lanes: { a: () => ({ ...lane, ...(hang === 'lane' ? { prepare: never } : {}) }) },
      }),
      OPTIONS,
    );
    const done = active.start();
    await sleep(50);
    active.abort();
    const result = await done;
    expect(result).toMatchObject({ outcome: 'interrupted', exitCode: 130, ticks: 0 });
    expect(log).toEqual(hang === 'lane' ? ['finalize'] : []);
    await expectTruth(result);
  }
});

test('abort when lanes, exporters and the source all hang to the end: over before the process would be ended', { timeout: 20_000 }, async () => {
  const never = () => new Promise<void>(() => {});
  const hanging = () => ({ applyTick: never, finalize: never });
  const active = await createRun(
    makePlan({
      lanes: { a: hanging, b: hanging, c: hanging },
      exporters: { x: () => ({ writeTick: never, close: never }), y: () => ({ close: never }) },
      source: { close: never },
    }),
    OPTIONS,
  );
  const done = active.start();
  await sleep(100);
  const before = performance.now();
  active.stop('interrupted');
  active.abort();
  const result = await done;
  expect(performance.now() - before).toBeLessThan(12_000);
  expect(result).toMatchObject({ outcome: 'failed', error: { message: expect.stringMatching(/^lane \w failed in finalize/) } });
  expect(result.lanes.every(({ state }) => state === 'error')).toBe(true);
  await expectTruth(result);
});

test('abort while exporters still write what they hold: not completed', async () => {
  let closing = false;
  const active = await createRun(
    makePlan({ lanes: { a: () => ({}) }, exporters: { slow: () => ({ close: () => new Promise<void>(() => (closing = true)) }) } }),
    OPTIONS,
  );
  const done = active.start();
  await expect.poll(() => closing).toBe(true);
  active.stop('interrupted');
  active.abort();
  const result = await done;
  expect(result).toMatchObject({ outcome: 'interrupted', exitCode: 130, ticks: 5 });
  await expectTruth(result);
});
