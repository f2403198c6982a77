import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { readRun } from '../artifacts/read-run.js';
import type { FlowSample } from '../contract/results.js';
import type { TickSourceDeps } from '../contract/tick-source.js';
import type { EngineEvent } from '../contract/tick.js';
import { GeomrfError } from '../errors.js';
import { alive } from '../process/alive.test-helper.js';
import { createRun } from './run.js';
import { makePlan, makeTick, makeTicks, OPTIONS, type PlanParts, readLines, readManifest, readSummary, removeRuns } from './run.test-helper.js';
import type { RunResult } from './types.js';

afterAll(removeRuns);

const sample = (lane: string, simTimeMs: number, rttMs: number): FlowSample => ({
  lane,
  flow: 'f',
  simTimeMs,
  rttMs,
  oneWayDelayMs: rttMs / 2,
  lossPct: 0,
  goodputMbps: null,
  hops: 2,
  pathHash: 'p',
});

/** A lane that writes down what is asked of it. */
function recorder() {
  const log: string[] = [];
  const lane = {
    prepare: async () => void log.push('prepare'),
    applyTick: async ({ tickIndex }: { tickIndex: number }) => void log.push(`tick ${tickIndex}`),
    finalize: async () => void log.push('finalize'),
  };
  return { log, lane };
}

async function run(parts: PlanParts): Promise<RunResult> {
  return (await createRun(makePlan(parts), OPTIONS)).start();
}

/** What must hold after every run, however it ended. */
function expectTruth(result: RunResult): void {
  const manifest = readManifest(result.runDir);
  expect(manifest).toMatchObject({
    outcome: result.outcome,
    reason: result.error?.message ?? null,
    ticks: result.ticks,
    traceSha256: result.traceSha256,
    pid: process.pid,
  });
  expect(manifest.endedAt).not.toBeNull();
  expect(readSummary(result.runDir)).toMatchObject(JSON.parse(JSON.stringify(result)) as object);
  expect(result.outcome === 'failed').toBe(result.exitCode !== 0 && result.exitCode !== 130 && result.exitCode !== 4);
  expect(existsSync(join(result.runDir, 'manifests/.reserve'))).toBe(false);
  if (result.traceSha256 !== null) {
    expect(
      createHash('sha256')
        .update(readFileSync(join(result.runDir, 'traces/ticks.jsonl')))
        .digest('hex'),
    ).toBe(result.traceSha256);
  }
}

test('a run completes: prepare, every tick in order, finalize; its directory tells all of it', async () => {
  const { log, lane } = recorder();
  const written: string[] = [];
  let closed = '';
  const result = await run({
    lanes: {
      one: ({ results }) => ({
        ...lane,
        applyTick: async (tick) => (await lane.applyTick(tick), results.write(sample('one', tick.simTimeMs, tick.tickIndex))),
      }),
    },
    exporters: {
      x: () => ({
        writeTick: async ({ tickIndex }) => void written.push(`tick ${tickIndex}`),
        writeResults: async (samples) => void written.push(...samples.map(({ rttMs }) => `rtt ${rttMs}`)),
        writeMetrics: async (metrics) => void written.push(`metrics ${metrics.tickIndex}`),
        close: async (outcome) => void (closed = outcome),
      }),
    },
    scenario: { assertions: [{ flow: 'f', quantity: 'rtt_ms.max', op: '<', value: 5 }] },
  });
  expect(log).toEqual(['prepare', 'tick 0', 'tick 1', 'tick 2', 'tick 3', 'tick 4', 'finalize']);
  expect(result).toMatchObject({
    outcome: 'completed',
    exitCode: 0,
    error: null,
    ticks: 5,
    lanes: [{ name: 'one', state: 'stopped', ticks: 5, error: null }],
    exporters: [{ name: 'x', ticks: 5, dropped: 0, error: null }],
    flows: [{ id: 'f', lane: 'one', rttMs: { min: 0, median: 2, max: 4 }, availability: 1, pathChanges: 0, samples: 5 }],
    assertions: [{ ok: true, actual: 4 }],
  });
  expectTruth(result);
  expect(closed).toBe('completed');
  for (const kind of ['tick', 'rtt', 'metrics']) expect(written.filter((w) => w.startsWith(`${kind} `))).toEqual([0, 1, 2, 3, 4].map((k) => `${kind} ${k}`));
  expect(readLines(result.runDir, 'metrics/ticks.jsonl')[3]).toMatchObject({
    tickIndex: 3,
    computeMs: 2,
    translateMs: 0,
    linksEmitted: 1,
    driftMs: null,
    applyMs: { one: expect.any(Number) },
  });
  const header = readFileSync(join(result.runDir, 'traces/ticks.jsonl'), 'utf8').split('\n')[0];
  expect(header).toBe(`{"dt":1000,"engineVersion":"9.9.9","format":"satsim-trace/1","seed":7,"specSha256":"${'ab'.repeat(32)}","t0":1795132800000}`);
  const lines = readFileSync(join(result.runDir, 'traces/ticks.jsonl'), 'utf8').split('\n').slice(1, -1);
  const hashes = lines.map((line, k) => `${k} ${createHash('sha256').update(`${line}\n`).digest('hex')}`);
  expect(readFileSync(join(result.runDir, 'traces/ticks.sha256'), 'utf8').trim().split('\n')).toEqual(hashes);
  const manifest = readManifest(result.runDir);
  expect(manifest).toMatchObject({
    seed: 7,
    mode: 'offline',
    dtMs: 1000,
    tickCount: 5,
    tags: ['t'],
    command: ['satsim', 'run'],
    engine: { engineVersion: '9.9.9' },
  });
  expect(manifest.components.map(({ name }) => name)).toEqual(['@satsim/core', '@test/memory', '@test/one', '@test/x']);
  expect(readFileSync(join(result.runDir, manifest.inputs[0]!.copy), 'utf8')).toBe('elements');
  expect(readSummary(result.runDir)).toMatchObject({ linksEmitted: 5, meanComputeMs: 2, warnings: ['a warning of the plan'] });
  expect(readLines(result.runDir, 'logs/run.jsonl').every(({ runId }) => runId === result.runId)).toBe(true);
});

test('the same run gives the same trace, recorded or not; another seed does not', async () => {
  const first = await run({ lanes: { a: () => ({}) } });
  const silent = await run({ lanes: { a: () => ({}) }, execution: { record_trace: false } });
  const seeded = await run({ lanes: { a: () => ({}) }, scenario: { seed: 8 } });
  expect(first.traceSha256).toBe(silent.traceSha256);
  expect(readdirSync(join(silent.runDir, 'traces'))).toEqual([]);
  expect(seeded.traceSha256).not.toBe(first.traceSha256);
});

test('an assertion that does not hold: completed, exit code 4', async () => {
  const result = await run({ lanes: { a: () => ({}) }, scenario: { assertions: [{ flow: 'f', quantity: 'availability', op: '>', value: 0.9 }] } });
  expect(result).toMatchObject({
    outcome: 'completed',
    exitCode: 4,
    error: { code: 'ASSERTION_FAILED', message: 'f in a: availability > 0.9 does not hold: there is no such value' },
  });
  expectTruth(result);
});

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
  expectTruth(result);
});

test('on_lane_failure continue: the others get every tick, but the run has failed', async () => {
  const good = recorder();
  const result = await run({
    execution: { on_lane_failure: 'continue' },
    lanes: { good: () => good.lane, bad: () => ({ applyTick: () => Promise.reject(new Error('no')) }) },
  });
  expect(result).toMatchObject({ outcome: 'failed', ticks: 5, lanes: [{ ticks: 5 }, { ticks: 0, state: 'error' }] });
  expect(readLines(result.runDir, 'metrics/ticks.jsonl')).toHaveLength(5);
  expectTruth(result);
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
  expectTruth(result);
});

test('a lane that fails in finalize, or hangs there: the run has failed and says so', { timeout: 20_000 }, async () => {
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
  expectTruth(result);
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
    expectTruth(result);
  },
);

test('an exporter that may lose ticks never holds the run, and what it lost is counted', async () => {
  const got: number[] = [];
  const result = await run({
    ticks: 50,
    execution: { queue_limit: 2 },
    overflow: 'drop-oldest',
    exporters: { x: () => ({ writeTick: async ({ tickIndex }) => (await sleep(5), void got.push(tickIndex)) }) },
    lanes: { a: () => ({}) },
  });
  expect(result.outcome).toBe('completed');
  const { ticks, dropped } = result.exporters[0]!;
  expect(dropped).toBeGreaterThan(0);
  expect(ticks + dropped).toBe(50);
  expect(got.at(-1)).toBe(49);
  expect(result.traceSha256).not.toBeNull();
});

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
  expectTruth(result);
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
  expectTruth(result);
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
  expectTruth(result);
});

test('the embedded engine starts only when asked for, once, and is stopped whatever happens', async () => {
  const calls: string[] = [];
  const startEngine = async () => (calls.push('start'), { target: 'unix:x', stop: async () => void calls.push('stop') });
  const open = async ({ engine }: TickSourceDeps, signal: AbortSignal): Promise<void> => {
    await engine.start(signal);
    expect(await engine.start(signal)).toBe('unix:x');
  };
  const plan = makePlan({ lanes: { a: () => ({ applyTick: () => Promise.reject(new Error('no')) }) }, source: { open } });
  await (await createRun(plan, { ...OPTIONS, startEngine })).start();
  expect(calls).toEqual(['start', 'stop']);
  calls.length = 0;
  await (await createRun(makePlan(), { ...OPTIONS, startEngine })).start();
  expect(calls).toEqual([]);
});

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
  expectTruth(result);
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
  expectTruth(result);
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
  expectTruth(await done);
  expect((await done).outcome).toBe('stopped');
  const early = await createRun(makePlan({ lanes: { a: () => ({}) } }), OPTIONS);
  early.stop('interrupted');
  const result = await early.start();
  expect(result).toMatchObject({ outcome: 'interrupted', ticks: 0, exitCode: 130 });
  expectTruth(result);
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
  expectTruth(result);
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
    expectTruth(result);
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
  expectTruth(result);
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
  expectTruth(result);
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

const event = (tickIndex: number, seq: number): EngineEvent => ({
  tickIndex,
  simTimeMs: tickIndex,
  seq,
  type: 'link_up',
  linkId: null,
  nodeId: null,
  attributes: {},
});

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

test('realtime: ticks come by the wall clock; skip brings the skipped changes with the next tick, and the trace has all', async () => {
  const seen: number[][] = [];
  const parts: PlanParts = {
    ticks: 20,
    time: { mode: 'realtime' },
    execution: { on_late_tick: 'skip', queue_limit: 1 },
    source: {
      ticks: async function* () {
        for (let k = 0; k < 20; k += 1) {
          const updates = [{ ...makeTick(0).updates[0]!, linkId: `isl:n${k}>b`, source: `n${k}` }];
          yield makeTick(k, { simTimeMs: makeTick(0).simTimeMs + k * 10, updates });
        }
      },
    },
    lanes: { slow: () => ({ applyTick: async ({ updates }) => (await sleep(35), void seen.push(updates.map(({ source }) => Number(source.slice(1))))) }) },
  };
  const plan = makePlan(parts);
  const started = performance.now();
  const result = await (await createRun({ ...plan, time: { ...plan.time, dtMs: 10, t1Ms: plan.time.t0Ms + 200 } }, OPTIONS)).start();
  expect(result.outcome).toBe('completed');
  expect(performance.now() - started).toBeGreaterThan(190);
  expect(seen.length).toBeLessThan(20);
  expect(seen.flat()).toEqual(Array.from({ length: 20 }, (_, k) => k));
  expect(readLines(result.runDir, 'traces/ticks.jsonl')).toHaveLength(21);
  expectTruth(result);
});

test.skipIf(process.platform === 'win32')('child processes that a lane leaves are ended and named', async () => {
  let pid = 0;
  const result = await run({ lanes: { a: ({ processes }) => ({ prepare: async () => void ({ pid } = processes.start('sleep', ['60'])) }) } });
  expect(result.outcome).toBe('completed');
  expect(alive(pid)).toBe(false);
  expect(readSummary(result.runDir).warnings).toContainEqual(expect.stringContaining(`ended: ${pid}`));
});

test('progress is told at every change of state, and a display that fails does no harm', async () => {
  const states: string[] = [];
  const done = await (await createRun(makePlan({ lanes: { a: () => ({}) } }), { ...OPTIONS, onProgress: ({ state }) => void states.push(state) })).start();
  expect(done.outcome).toBe('completed');
  expect([...new Set(states)]).toEqual(['preparing', 'running', 'draining', 'finalizing', 'finished']);
  const broken = await (
    await createRun(makePlan(), {
      ...OPTIONS,
      onProgress: () => {
        throw new Error('tty is gone');
      },
    })
  ).start();
  expect(broken.outcome).toBe('completed');
});

test.skipIf(!existsSync('/dev/full')).each(['traces/ticks.jsonl', 'metrics/ticks.jsonl'])(
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

test('an artifacts root that cannot be made: ARTIFACTS before anything runs', async () => {
  await expect(createRun(makePlan({ root: '/dev/null/runs' }), OPTIONS)).rejects.toMatchObject({
    code: 'ARTIFACTS',
    exitCode: 1,
    message: expect.stringContaining('/dev/null'),
  });
});
