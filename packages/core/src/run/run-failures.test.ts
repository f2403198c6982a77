import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readRun } from '../artifacts/read-run.js';
import { GeomrfError } from '../errors.js';
import { createRun } from './run.js';
import { event, expectTruth, makePlan, makeTick, makeTicks, OPTIONS, readLines, readSummary, recorder, removeRuns, run, sample } from './run.test-helper.js';

afterAll(removeRuns);

test('a lane failing at tick 2 stops the run: the other lane finishes what is queued, both are finalized', async () => {
  const good = recorder();
  const bad = recorder();
  const result = await run({
    ticks: 1_000,
    lanes: {
      good: () => good.lane,
      bad: () => ({ ...bad.lane, applyTick: async ({ tickIndex }) => (tickIndex === 2 ? Promise.reject(new Error('tc said no')) : undefined) }),
    },
  });
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 1, error: { code: 'LANE_FAILED', message: 'lane bad failed in tick 2: tc said no' } });
  expect(result.ticks).toBeLessThan(100);
  expect(result.lanes).toMatchObject([
    { name: 'good', state: 'stopped', ticks: result.ticks, error: null },
    { name: 'bad', state: 'error', ticks: 2, error: expect.stringContaining('tc said no') },
  ]);
  expect([good.log.at(-1), bad.log.at(-1)]).toEqual(['finalize', 'finalize']);
  await expectTruth(result);
});

test('on_lane_failure continue: the others get every tick, but the run has failed', async () => {
  const good = recorder();
  const result = await run({
    execution: { on_lane_failure: 'continue' },
    lanes: { good: () => good.lane, bad: () => ({ applyTick: () => Promise.reject(new Error('no')) }) },
  });
  expect(result).toMatchObject({ outcome: 'failed', ticks: 5, lanes: [{ ticks: 5 }, { ticks: 0, state: 'error' }] });
  expect(readLines(result.runDir, 'metrics/ticks.jsonl')).toHaveLength(5);
  await expectTruth(result);
});

test('on_lane_failure continue: with no lane left the run ends', async () => {
  const result = await run({
    ticks: 100_000,
    execution: { on_lane_failure: 'continue' },
    lanes: { bad: () => ({ applyTick: () => Promise.reject(new Error('no')) }) },
  });
  expect(result.outcome).toBe('failed');
  expect(result.ticks).toBeLessThan(1000);
});

test('a lane failing in prepare: no tick, the preparing of the others is aborted, all are finalized', async () => {
  const { log, lane } = recorder();
  let aborted = false;
  const result = await run({
    lanes: {
      slow: () => ({
        ...lane,
        prepare: (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => ((aborted = true), reject(signal.reason as Error)))),
      }),
      bad: () => ({ ...lane, prepare: () => Promise.reject(new Error('no bridge')) }),
    },
  });
  expect(result).toMatchObject({
    outcome: 'failed',
    ticks: 0,
    error: { message: 'lane bad failed in prepare: no bridge' },
    lanes: [
      { name: 'slow', state: 'stopped' },
      { name: 'bad', state: 'error' },
    ],
  });
  expect(aborted).toBe(true);
  expect(log).toEqual(['finalize', 'finalize']);
  await expectTruth(result);
});

test.concurrent('a lane that fails in finalize, or hangs there: the run has failed and says so', { timeout: 20_000 }, async () => {
  const result = await run({
    lanes: { leaves: () => ({ finalize: () => Promise.reject(new Error('bridge is busy')) }), hangs: () => ({ finalize: () => new Promise(() => {}) }) },
  });
  expect(result).toMatchObject({
    outcome: 'failed',
    ticks: 5,
    lanes: [
      { name: 'leaves', state: 'error', error: 'lane leaves failed in finalize: bridge is busy' },
      { name: 'hangs', state: 'error', error: 'lane hangs failed in finalize: it did not end within 10 s' },
    ],
  });
  expect(readFileSync(join(result.runDir, 'logs/run.jsonl'), 'utf8')).toContain('lane hangs failed in finalize');
  await expectTruth(result);
});

test.concurrent('a lane says how long its end may take: more than others, or less', { timeout: 30_000 }, async () => {
  const result = await run({
    // More than all lanes together have without it.
    finalizeLimitMs: { slow: 20_000, hangs: 300 },
    lanes: { slow: () => ({ finalize: () => new Promise((done) => setTimeout(done, 15_500)) }), hangs: () => ({ finalize: () => new Promise(() => {}) }) },
  });
  expect(result.lanes).toMatchObject([
    { name: 'slow', state: 'stopped', error: null },
    { name: 'hangs', state: 'error', error: 'lane hangs failed in finalize: it did not end within 0.3 s' },
  ]);
  expect(result.error?.message).toContain('lane hangs failed in finalize');
  await expectTruth(result);
});

test('what lanes have counted stands in the summary, also of one that failed; of one that cannot tell it, nothing', async () => {
  let ended = false;
  const result = await run({
    lanes: {
      counts: () => ({ finalize: async () => void (ended = true), figures: () => ({ ended: String(ended), checked: 12 }) }),
      fails: () => ({ finalize: () => Promise.reject(new Error('bridge is busy')), figures: () => ({ checked: 3 }) }),
      throws: () => ({
        figures: () => {
          throw new Error('no idea');
        },
      }),
    },
  });
  const { lanes } = JSON.parse(readFileSync(join(result.runDir, 'summary.json'), 'utf8')) as { lanes: readonly object[] };
  expect(lanes).toMatchObject([
    { name: 'counts', figures: { ended: 'true', checked: 12 } },
    { name: 'fails', state: 'error', figures: { checked: 3 } },
    { name: 'throws', state: 'stopped', error: null },
  ]);
  expect(lanes[2]).not.toHaveProperty('figures');
});

test.each(['open', 'writeTick', 'writeResults', 'writeMetrics', 'writeEvents', 'close'] as const)(
  'an exporter failing in %s: the run has failed, lanes are finalized',
  async (method) => {
    const { log, lane } = recorder();
    const result = await run({
      source: {
        events: async function* () {
          yield [event(0, 0)];
        },
      },
      lanes: { a: ({ results }) => ({ ...lane, applyTick: async (tick) => results.write(sample('a', tick.simTimeMs, 1)) }) },
      exporters: { x: () => ({ [method]: () => Promise.reject(new Error('sink is gone')) }) },
    });
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      error: { code: 'EXPORTER_FAILED', message: expect.stringMatching(/^exporter x failed in \w+: sink is gone$/) },
      exporters: [{ error: expect.stringContaining('sink is gone') }],
    });
    if (method !== 'open') expect(log.at(-1)).toBe('finalize');
    await expectTruth(result);
  },
);

test('the source dying mid-stream: failed with its error, what came is traced, lanes finish and are finalized, the source is closed', async () => {
  const { log, lane } = recorder();
  let closed = 0;
  const result = await run({
    lanes: { a: () => lane },
    source: {
      ticks: async function* () {
        yield* makeTicks(3);
        throw new GeomrfError('GEOMRF_UNAVAILABLE', 'the engine went away', { tickIndex: 3 });
      },
      close: async () => void (closed += 1),
    },
  });
  expect(result).toMatchObject({ outcome: 'failed', ticks: 3, error: { code: 'GEOMRF_UNAVAILABLE', message: 'the engine went away' } });
  expect(log).toEqual(['prepare', 'tick 0', 'tick 1', 'tick 2', 'finalize']);
  expect(closed).toBe(1);
  await expectTruth(result);
});

test.each([
  ['a gap', [makeTick(0), makeTick(2)], 1],
  ['a repetition', [makeTick(0), makeTick(1), makeTick(1)], 2],
  ['an early end', [makeTick(0)], 1],
])('%s in the ticks: TIMEBASE, and the faulty tick reaches nobody', async (_, ticks, good) => {
  const { log, lane } = recorder();
  const result = await run({
    lanes: { a: () => lane },
    source: {
      ticks: async function* () {
        yield* ticks;
      },
    },
  });
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 1, ticks: good, error: { code: 'TIMEBASE' } });
  expect(log.filter((line) => line.startsWith('tick'))).toHaveLength(good);
  await expectTruth(result);
});

test('the source failing to open: failed, and nothing else was started', async () => {
  const { log, lane } = recorder();
  const result = await run({ lanes: { a: () => lane }, source: { open: () => Promise.reject(new GeomrfError('GEOMRF_INVALID_ARGUMENT', 'bad spec')) } });
  expect(result).toMatchObject({
    outcome: 'failed',
    exitCode: 2,
    traceSha256: null,
    error: { code: 'GEOMRF_INVALID_ARGUMENT' },
    lanes: [{ name: 'a', ticks: 0 }],
  });
  expect(log).toEqual([]);
  await expectTruth(result);
});

test('a manifest that cannot be written takes back the summary that says more than it', async () => {
  const active = await createRun(
    makePlan({
      lanes: {
        a: () => ({
          finalize: async () => {
            // From now on a folder is where the manifest should be.
            rmSync(join(active.runDir, 'manifests/run.json'));
            mkdirSync(join(active.runDir, 'manifests/run.json'));
          },
        }),
      },
    }),
    OPTIONS,
  );
  const result = await active.start();
  expect(result).toMatchObject({ outcome: 'failed', error: { code: 'ARTIFACTS', message: expect.stringContaining('run.json') } });
  expect(readSummary(result.runDir)).toMatchObject({ outcome: 'failed' });
});

test.skipIf(!existsSync('/dev/full')).each(['traces/ticks.jsonl.zst', 'metrics/ticks.jsonl'])(
  'a full disk under %s: ARTIFACTS naming the file; lanes are finalized, the manifest is true',
  async (path) => {
    const { log, lane } = recorder();
    const active = await createRun(makePlan({ ticks: 50, lanes: { a: () => lane } }), OPTIONS);
    symlinkSync('/dev/full', join(active.runDir, path));
    const result = await active.start();
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      error: { code: 'ARTIFACTS', message: expect.stringContaining(`${path}: the disk is full`) },
    });
    if (path.startsWith('traces')) expect(result.traceSha256).toBeNull();
    expect(log.at(-1)).toBe('finalize');
    expect(await readRun(join(active.runDir, '..'), active.runId)).toMatchObject({ status: 'failed', problems: [] });
  },
);
