import type * as ChildProcess from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CellPool, type PoolOptions } from './cell-pool.js';

/** Whether there is a program to start processes of, by how many have been started. */
const starts = vi.hoisted(() => ({ count: 0, may: (_count: number): boolean => true }));
vi.mock('node:child_process', async (original) => {
  const { fork, ...rest } = await original<typeof ChildProcess>();
  const counted = (path: string, args: readonly string[], options: object) => {
    starts.count += 1;
    return fork(path, args, starts.may(starts.count) ? options : { ...options, execPath: '/nowhere/node' });
  };
  return { ...rest, fork: counted };
});

const dir = mkdtempSync(join(tmpdir(), 'satsim-pool-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const worker = { path: fileURLToPath(new URL('./worker.child.test-helper.ts', import.meta.url)), argument: '' };

/** Runs jobs that are called by their number; gives what happened, in order. */
async function run(
  jobs: readonly (readonly string[])[],
  options: Partial<PoolOptions> = {},
  during: (pool: CellPool, log: string[]) => void = () => undefined,
  later: () => void = () => undefined,
) {
  const log: string[] = [];
  const pool: CellPool = new CellPool(
    jobs.map((set, i) => ({ cell: String(i), set, tags: [] })),
    {
      worker,
      jobs: 2,
      maxMemoryMiB: 10_000,
      failFast: false,
      onStarted: async ({ cell }) => {
        log.push(`start ${cell}`);
        during(pool, log);
      },
      onEnded: async ({ cell }, { exitCode, error }) => void log.push(`end ${cell} ${exitCode}${error === null ? '' : ` ${error.message}`}`),
      onPostponed: ({ cell }) => {
        log.push(`later ${cell}`);
        later();
      },
      onExceeded: (needMiB) => void log.push(`exceeds ${needMiB >= 600}`),
      ...options,
    },
  );
  await pool.run();
  return log;
}

/** The most that were running at once. */
function most(log: readonly string[]): number {
  let now = 0;
  return Math.max(...log.map((line) => (now += line.startsWith('start') ? 1 : -1)));
}

describe('a pool', () => {
  it('runs all jobs, as many at once as it may', async () => {
    const jobs = Array.from({ length: 7 }, () => ['wait']);
    let waiting = 0;
    let all: () => void;
    const three = new Promise<void>((resolve) => (all = resolve));
    // None of the first three goes on before the third is there.
    const onStarted = async (): Promise<void> => {
      waiting += 1;
      if (waiting === 3) all();
      await three;
    };
    const log = await run(jobs, { jobs: 3, onStarted });
    expect(log.toSorted()).toEqual(jobs.map((_, i) => `end ${i} 0`));
    expect(waiting).toBe(7);
    expect(most(await run(jobs, { jobs: 1 }))).toBe(1);
  });

  it('with nothing to do is done', async () => expect(await run([])).toEqual([]));

  it('goes on after a process that died, and after a job that failed', async () => {
    const log = await run([['die'], ['fail'], ['wait']], { jobs: 1 });
    expect(log.filter((line) => line.startsWith('end'))).toEqual(['end 0 1 the process that ran it ended (exit code 7)', 'end 1 1', 'end 2 0']);
  });

  it('makes do with the processes that can be started, and puts back what has none', async () => {
    starts.may = (count) => count === 1;
    starts.count = 0;
    const there = join(dir, 'there');
    const log = await run([['wait', '', there], ['wait'], ['wait']], { jobs: 3 }, undefined, () => writeFileSync(there, '')).finally(
      () => (starts.may = () => true),
    );
    expect(log.filter((line) => line.startsWith('later')).toSorted()).toEqual(['later 1', 'later 2']);
    expect(log.filter((line) => line.startsWith('end')).toSorted()).toEqual(['end 0 0', 'end 1 0', 'end 2 0']);
  });

  it('in which no process can be started says so of each job, and ends', async () => {
    starts.may = () => false;
    const log = await run([['wait'], ['wait']]).finally(() => (starts.may = () => true));
    const why = 'no process can be started for it: spawn /nowhere/node ENOENT';
    expect(log.filter((line) => line.startsWith('end')).toSorted()).toEqual([`end 0 1 ${why}`, `end 1 1 ${why}`]);
    // Too long for the system: that is thrown at once.
    const long = { path: worker.path, argument: 'x'.repeat(1 << 22) };
    expect(await run([['wait']], { worker: long })).toEqual(['end 0 1 no process can be started for it: spawn E2BIG']);
  });

  it('starts no other after a failure when told so; those that run end', async () => {
    const failed = join(dir, 'failed');
    const ended: string[] = [];
    const onEnded: PoolOptions['onEnded'] = async ({ cell }) => {
      ended.push(cell);
      writeFileSync(failed, '');
    };
    await run([['fail'], ['wait', '', failed], ['wait'], ['wait']], { failFast: true, onEnded });
    expect(ended).toEqual(['0', '1']);
  });

  it('ends one that began last when together they have too much memory, and runs it later', async () => {
    const enough = join(dir, 'enough');
    const jobs = [['hoard', '600', enough], ['hoard', '600', enough], ['wait']];
    const log = await run(jobs, { maxMemoryMiB: 900 }, undefined, () => writeFileSync(enough, ''));
    expect(log.slice(0, 2).toSorted()).toEqual(['start 0', 'start 1']);
    expect(log[2]).toBe('later 1');
    expect(log.filter((line) => line.startsWith('end')).toSorted()).toEqual(['end 0 0', 'end 1 0', 'end 2 0']);
    expect(most(log.slice(3))).toBeLessThan(2);
  });

  it('says once that a job alone needs more memory than is allowed, and goes on with one at a time', async () => {
    const log = await run([['hoard', '600'], ['hoard', '600'], ['wait']], { maxMemoryMiB: 100 });
    expect(log).toEqual(['start 0', 'exceeds true', 'end 0 0', 'start 1', 'end 1 0', 'start 2', 'end 2 0']);
  });

  it('interrupted three times ends even what hears nothing', async () => {
    const log = await run([['hang'], ['hang'], ['wait']], {}, (pool, soFar) => {
      if (soFar.length === 2) setTimeout(() => [1, 2, 3].forEach(() => pool.interrupt()), 100);
    });
    expect(log.filter((line) => line.startsWith('end'))).toHaveLength(2);
    expect(log.filter((line) => line.startsWith('start'))).toHaveLength(2);
  });

  it('ends all, and says why, when what happened cannot be noted', async () => {
    const full = Object.assign(new Error('disk full'));
    await expect(run([['hang'], ['wait']], { jobs: 1, onStarted: () => Promise.reject(full) })).rejects.toBe(full);
  });
});
