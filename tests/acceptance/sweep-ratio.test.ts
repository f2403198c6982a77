import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** What is promised of 64 cells is 0.75: here a process has fewer cells to pay its start with, and other tests run beside it. */
const MOST_WALL = 0.9;
const MOST_CPU = 1.1;

const why = availableParallelism() < 2 ? 'one core only' : process.platform === 'linux' ? null : 'CPU time is read from /proc';

it.skipIf(why !== null)(
  `two processes are quicker than one, and a sweep costs no more than its runs${why === null ? '' : ` (skipped: ${why})`}`,
  async () => {
    const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/sweep-ratio.ts'), '8', '2']);
    const { wallRatio, cpuRatio } = JSON.parse(stdout) as Record<'wallRatio' | 'cpuRatio', number>;
    console.info(`wall ${wallRatio.toFixed(2)}, CPU ${cpuRatio.toFixed(2)}`);
    expect(wallRatio).toBeLessThan(MOST_WALL);
    expect(cpuRatio).toBeLessThan(MOST_CPU);
  },
  300_000,
);
