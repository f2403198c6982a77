import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { readTrace, TraceHash } from '../artifacts/trace/index.js';
import { TickPacker } from '../artifacts/trace/tick-packer.js';
import { columnTick } from '../contract/column-tick.js';
import type { TickSourceDeps } from '../contract/tick-source.js';
import type { TickUpdate } from '../contract/tick.js';
import { alive } from '../process/alive.test-helper.js';
import { createRun } from './run.js';
import {
  expectTruth,
  makePlan,
  makeTick,
  OPTIONS,
  type PlanParts,
  readLines,
  readManifest,
  readSummary,
  recorder,
  removeRuns,
  run,
  sample,
} from './run.test-helper.js';

afterAll(removeRuns);

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
    pace: null,
    lanes: [{ name: 'one', state: 'stopped', ticks: 5, error: null }],
    exporters: [{ name: 'x', ticks: 5, dropped: 0, error: null }],
    flows: [{ id: 'f', lane: 'one', rttMs: { min: 0, median: 2, max: 4 }, availability: 1, pathChanges: 0, samples: 5 }],
    assertions: [{ ok: true, actual: 4 }],
  });
  await expectTruth(result);
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
  const trace = await readTrace(result.runDir);
  expect(trace.header).toEqual({ dt: 1000, engineVersion: '9.9.9', seed: 7, specSha256: 'ab'.repeat(32), t0: 1795132800000 });
  const canonical = new TraceHash(trace.header);
  const hashes: string[] = [];
  for await (const tick of trace.ticks) {
    canonical.add(tick);
    hashes.push(`${tick.tickIndex} ${canonical.soFar}`);
  }
  expect(readFileSync(join(result.runDir, 'traces/ticks.sha256'), 'utf8').trim().split('\n')).toEqual(hashes);
  expect(hashes.at(-1), 'the last is that of the run').toBe(`4 ${result.traceSha256}`);
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

test('where ticks have columns, nothing of the run asks for an object of a link, and the trace is the same', async () => {
  const packer = new TickPacker();
  const ticks = Array.from({ length: 5 }, (_, k) => makeTick(k, k === 3 ? { removals: ['isl:a>b'], updates: [] } : {}));
  const columnsAlone = ({ removals, updates, ...head }: TickUpdate): TickUpdate => {
    const tick = columnTick(head, packer.pack({ removals, updates }));
    return Object.defineProperty(tick, 'updates', {
      get: () => {
        throw new Error('somebody asked for objects');
      },
    });
  };
  const over = (given: readonly TickUpdate[]) =>
    run({
      source: {
        ticks: async function* () {
          yield* given;
        },
      },
      lanes: { a: () => ({}) },
      exporters: { x: () => ({ writeTick: async () => {}, writeMetrics: async () => {} }) },
    });
  const packed = await over(ticks.map(columnsAlone));
  expect(packed).toMatchObject({ outcome: 'completed', ticks: 5 });
  expect(packed.traceSha256).toBe((await over(ticks)).traceSha256);
  await expectTruth(packed);
});

test('an assertion that does not hold: completed, exit code 4', async () => {
  const result = await run({ lanes: { a: () => ({}) }, scenario: { assertions: [{ flow: 'f', quantity: 'availability', op: '>', value: 0.9 }] } });
  expect(result).toMatchObject({
    outcome: 'completed',
    exitCode: 4,
    error: { code: 'ASSERTION_FAILED', message: 'f in a: availability > 0.9 does not hold: there is no such value' },
  });
  await expectTruth(result);
});

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
  // Each tick takes its lane three and a half ticks.
  const { lateTicks, latestMs, skippedTicks } = result.pace!;
  expect({ lateTicks, skippedTicks }).toEqual({ lateTicks: seen.length - 1, skippedTicks: 20 - seen.length });
  expect(latestMs).toBeGreaterThan(20);
  expect(readSummary(result.runDir).pace).toEqual(result.pace);
  expect((await readTrace(result.runDir)).frames?.at(-1)).toMatchObject({ firstTick: 0, ticks: 20 });
  await expectTruth(result);
});

test('a lane that runs in real time takes no other speed; nothing is made then', async () => {
  const plan = makePlan({ ticks: 2, time: { mode: 'realtime' }, lanes: { packets: () => ({}) } });
  const lanes = plan.lanes.map((lane) => ({ ...lane, contribution: { ...lane.contribution, pacing: 'realtime' as const } }));
  const before = readdirSync(plan.scenario.paths.artifacts_root);
  await expect(createRun({ ...plan, lanes }, { ...OPTIONS, speed: 10 })).rejects.toMatchObject({
    code: 'USAGE',
    message: 'lane packets runs at the speed of the clock, not 10 times as fast',
  });
  expect(readdirSync(plan.scenario.paths.artifacts_root)).toEqual(before);
});
test('realtime: the clock begins when every lane has tick 0 in force, also where one fails at it', async () => {
  const plan = makePlan({
    ticks: 5,
    time: { mode: 'realtime' },
    execution: { on_lane_failure: 'continue' },
    source: {
      ticks: async function* () {
        for (let k = 0; k < 5; k += 1) yield makeTick(k, { simTimeMs: makeTick(0).simTimeMs + k * 100 });
      },
    },
    lanes: {
      slow: () => ({ applyTick: async ({ tickIndex }) => void (tickIndex === 0 && (await sleep(300))) }),
      broken: () => ({ applyTick: () => Promise.reject(new Error('no')) }),
    },
  });
  const result = await (await createRun({ ...plan, time: { ...plan.time, dtMs: 100, t1Ms: plan.time.t0Ms + 500 } }, OPTIONS)).start();
  // Tick 0 took three ticks' time, and was not late.
  expect(result.pace).toMatchObject({ lateTicks: 0, skippedTicks: 0 });
  const lines = readFileSync(join(result.runDir, 'metrics/ticks.jsonl'), 'utf8').trim().split('\n');
  const ticks = lines.map((line) => JSON.parse(line) as { driftMs: number; deliveredAtMs: number; appliedAtMs: { slow: number } });
  expect(ticks).toHaveLength(5);
  expect(ticks[0]!.driftMs).toBe(0);
  // A timer may be early by a fraction of a millisecond.
  expect(ticks[1]!.deliveredAtMs - ticks[0]!.appliedAtMs.slow).toBeGreaterThan(98);
  for (const { driftMs } of ticks) expect(driftMs, 'by the time that tick 0 took, if the clock began with it').toBeLessThan(190);
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

test('an artifacts root that cannot be made: ARTIFACTS before anything runs', async () => {
  await expect(createRun(makePlan({ root: '/dev/null/runs' }), OPTIONS)).rejects.toMatchObject({
    code: 'ARTIFACTS',
    exitCode: 1,
    message: expect.stringContaining('/dev/null'),
  });
});
