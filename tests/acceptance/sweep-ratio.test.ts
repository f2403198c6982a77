import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** On two cores 0.87 of 64 cells, as one process keeps 1.6 cores busy by itself; here a process has fewer cells to pay its start with. */
const MOST_WALL = 1;
const MOST_CPU = 1.1;

const why = availableParallelism() < 2 ? 'one core only' : process.platform === 'linux' ? null : 'CPU time is read from /proc';

it.skipIf(why !== null)(
  `two processes are quicker than one, and a sweep costs no more than its runs${why === null ? '' : ` (skipped: ${why})`}`,
  async () => {
    const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/sweep-ratio.ts'), '16', '2']);
    const { wallRatio, cpuRatio } = JSON.parse(stdout) as Record<'wallRatio' | 'cpuRatio', number>;
    console.info(`wall ${wallRatio.toFixed(2)}, CPU ${cpuRatio.toFixed(2)}`);
    expect(wallRatio).toBeLessThan(MOST_WALL);
    expect(cpuRatio).toBeLessThan(MOST_CPU);
  },
  300_000,
);
