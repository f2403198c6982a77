import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** Here a process has half of the cells to pay its start with that the benchmark's has. */
const MOST_WALL = 1;
/** Cells share their process and its engine, warm after the first. */
const MOST_CPU = 0.8;

const why = availableParallelism() < 2 ? 'one core only' : process.platform === 'linux' ? null : 'CPU time is read from /proc';

it.skipIf(why !== null)(
  `two processes are quicker than one, and a sweep costs no more than its runs${why === null ? '' : ` (skipped: ${why})`}`,
  // What else takes a core meanwhile takes the second process: one undisturbed turn is enough to see that it helps.
  { retry: 3, timeout: 300_000 },
  async () => {
    const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/sweep-ratio.ts'), '32', '1']);
    const { wallRatio, cpuRatio } = JSON.parse(stdout) as Record<'wallRatio' | 'cpuRatio', number>;
    console.info(`wall ${wallRatio.toFixed(2)}, CPU ${cpuRatio.toFixed(2)}`);
    expect(wallRatio).toBeLessThan(MOST_WALL);
    expect(cpuRatio).toBeLessThan(MOST_CPU);
  },
);
