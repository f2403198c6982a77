import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** Half of what an idle machine measures: both sides run in turns in one process, so that only their ratio counts. */
const LEAST_RATIO = 3;

it('a list by the index is quicker than reading every run by a wide margin, and says the same', async () => {
  const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/runs-ratio.ts')]);
  const { readMs, knownMs, ratio, same } = JSON.parse(stdout) as Record<'readMs' | 'knownMs' | 'ratio', number> & { readonly same: boolean };
  console.info(`every run ${readMs.toFixed(0)} ms, by the index ${knownMs.toFixed(0)} ms, ${ratio.toFixed(1)} times`);
  expect(same).toBe(true);
  expect(ratio).toBeGreaterThan(LEAST_RATIO);
});
