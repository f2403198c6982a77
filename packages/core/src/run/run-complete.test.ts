import { afterAll, describe, expect, test } from 'vitest';
import type { Run } from './types.js';
import { createRun } from './run.js';
import { expectTruth, makePlan, makeTicks, OPTIONS, readLines, recorder, removeRuns, run, sample } from './run.test-helper.js';

afterAll(removeRuns);

/** A complete that lasts until it is aborted. */
const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

describe('a lane with something to do after the last tick', () => {
  test('is asked once, when every lane has had every tick, before anything is finalized', async () => {
    const log: string[] = [];
    const named = (name: string) => ({
      applyTick: async ({ tickIndex }: { tickIndex: number }) => void log.push(`${name} ${tickIndex}`),
      complete: async () => void log.push(`${name} complete`),
      finalize: async () => void log.push(`${name} finalize`),
    });
    const result = await run({ ticks: 3, lanes: { a: () => named('a'), b: () => named('b') } });
    expect(result).toMatchObject({ outcome: 'completed', exitCode: 0, lanes: [{ state: 'stopped' }, { state: 'stopped' }] });
    expect(log.slice(-4)).toEqual(['a complete', 'b complete', 'a finalize', 'b finalize']);
    expect(log).toHaveLength(10);
    await expectTruth(result);
  });

  test('reports samples that exporters and the summary have', async () => {
    const written: number[] = [];
    const result = await run({
      ticks: 2,
      lanes: {
        a: ({ results, run: { t0Ms } }) => ({
          complete: async () => {
            for (const k of [0, 1]) results.write(sample('a', t0Ms + k * 1000, 10 + k));
          },
        }),
      },
      exporters: { x: () => ({ writeResults: async (samples) => void written.push(...samples.map(({ rttMs }) => rttMs!)) }) },
    });
    expect(written).toEqual([10, 11]);
    expect(result.flows).toMatchObject([{ id: 'f', lane: 'a', samples: 2, rttMs: { max: 11 } }]);
  });

  test('hands over millions of samples, of which a few thousand are in memory', { timeout: 120_000 }, async () => {
    const COUNT = 3_000_000;
    let [made, written, most, largest] = [0, 0, 0, 0];
    const result = await run({
      ticks: 1,
      execution: { queue_limit: 2 },
      lanes: {
        a: ({ results, run: { t0Ms } }) => ({
          complete: async () => {
            for (; made < COUNT; made += 1) {
              results.write(sample('a', t0Ms + made / 1000, 10));
              if (made % 4096 === 0) await results.flush!();
            }
          },
        }),
      },
      exporters: {
        slow: () => ({
          async writeResults(samples) {
            most = Math.max(most, made - written);
            largest = Math.max(largest, samples.length);
            await new Promise(setImmediate);
            written += samples.length;
          },
        }),
      },
    });
    expect(result).toMatchObject({ outcome: 'completed', flows: [{ samples: COUNT, rttMs: { mean: 10 } }] });
    expect(written).toBe(COUNT);
    expect(most).toBeLessThan(10 * 4096);
    expect(largest).toBeLessThanOrEqual(4096);
  });

  test('may hand over all samples at once: exporters get them in pieces, in order', async () => {
    const pieces: number[][] = [];
    const result = await run({
      ticks: 1,
      lanes: {
        a: ({ results, run: { t0Ms } }) => ({
          complete: async () => {
            for (let k = 0; k < 10_000; k += 1) results.write(sample('a', t0Ms, k));
          },
        }),
      },
      exporters: { x: () => ({ writeResults: async (samples) => void pieces.push(samples.map(({ rttMs }) => rttMs!)) }) },
    });
    expect(result.outcome).toBe('completed');
    expect(pieces.map(({ length }) => length)).toEqual([4096, 4096, 1808]);
    expect(pieces.flat()).toEqual(Array.from({ length: 10_000 }, (_, k) => k));
  });

  test('fails the run by what it throws, and stops the others in theirs', async () => {
    const slow = recorder();
    const result = await run({
      lanes: { bad: () => ({ complete: () => Promise.reject(new Error('exit code 1')) }), slow: () => ({ ...slow.lane, complete: untilAborted }) },
    });
    expect(result).toMatchObject({
      outcome: 'failed',
      exitCode: 1,
      ticks: 5,
      error: { code: 'LANE_FAILED', message: 'lane bad failed in complete: exit code 1' },
      lanes: [
        { name: 'bad', state: 'error' },
        { name: 'slow', state: 'stopped' },
      ],
    });
    expect(slow.log.at(-1)).toBe('finalize');
    await expectTruth(result);
  });

  test('on_lane_failure continue: the others complete', async () => {
    let completed = false;
    const result = await run({
      execution: { on_lane_failure: 'continue' },
      lanes: {
        bad: () => ({ applyTick: () => Promise.reject(new Error('no')), complete: () => Promise.reject(new Error('not asked after a failure')) }),
        good: () => ({ complete: async () => void (completed = true) }),
      },
    });
    expect(completed).toBe(true);
    expect(result).toMatchObject({ outcome: 'failed', lanes: [{ state: 'error', error: 'lane bad failed in tick 0: no' }, { state: 'stopped' }] });
  });

  test('is not asked when a tick failed the run, or when the run was stopped', async () => {
    const log: string[] = [];
    const complete = async (): Promise<void> => void log.push('complete');
    await run({ lanes: { bad: () => ({ applyTick: () => Promise.reject(new Error('no')) }), good: () => ({ complete }) } });
    const stopping: { run?: Run } = {};
    stopping.run = await createRun(
      makePlan({
        ticks: 1_000,
        lanes: { good: () => ({ complete, applyTick: async ({ tickIndex }) => (tickIndex === 3 ? stopping.run!.stop() : undefined) }) },
      }),
      OPTIONS,
    );
    expect(await stopping.run.start()).toMatchObject({ outcome: 'stopped' });
    expect(log).toEqual([]);
  });

  test.each([
    ['a stop', 'stopped', (it: Run) => it.stop()],
    ['an interrupt', 'interrupted', (it: Run) => it.stop('interrupted')],
    ['an abort', 'interrupted', (it: Run) => it.abort()],
  ] as const)('is ended by %s, which is no failure of it', async (_what, outcome, end) => {
    const { log, lane } = recorder();
    const it: { run?: Run } = {};
    it.run = await createRun(
      makePlan({
        lanes: {
          a: () => ({
            ...lane,
            complete: (signal) => {
              setImmediate(() => end(it.run!));
              return untilAborted(signal);
            },
          }),
        },
      }),
      OPTIONS,
    );
    const result = await it.run.start();
    expect(result).toMatchObject({ outcome, ticks: 5, lanes: [{ state: 'stopped', error: null }] });
    expect(log.at(-1)).toBe('finalize');
    await expectTruth(result);
  });

  test('that does not listen to the abort holds the run for a second only', async () => {
    const it: { run?: Run } = {};
    it.run = await createRun(
      makePlan({
        source: { ticks: () => makeTicks(2) },
        ticks: 2,
        lanes: {
          a: () => ({
            complete: () => {
              setImmediate(() => it.run!.stop());
              return new Promise(() => {});
            },
          }),
        },
      }),
      OPTIONS,
    );
    const started = performance.now();
    expect(await it.run.start()).toMatchObject({ outcome: 'stopped' });
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(readLines(it.run.runDir, 'metrics/ticks.jsonl')).toHaveLength(2);
  });
});
