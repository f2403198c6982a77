import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** A third of what an idle machine measures: both sides run in turns in one process, so that only their ratio counts. */
const LEAST_RATIO = 2.5;

it('a step of Starlink shell 1 with 100 cities is cheaper than satellite.js and a naive search by a wide margin', async () => {
  const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/engine-ratio.ts')]);
  const { engineMs, baselineMs, ratio } = JSON.parse(stdout) as Record<'engineMs' | 'baselineMs' | 'ratio', number>;
  console.info(`engine ${engineMs.toFixed(2)} ms, baseline ${baselineMs.toFixed(2)} ms, ${ratio.toFixed(1)} times`);
  expect(ratio).toBeGreaterThan(LEAST_RATIO);
});
