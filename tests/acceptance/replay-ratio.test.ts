import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../e2e/satsim.js';

/** Found here: 6.4 bytes, 0.37 to 0.42, and 0.96 to 1.08. Runs are short. */
const MOST_BYTES = 12;
const MOST_REPLAY = 1;
const MOST_RECORD = 1.3;

// Runs this short are mostly their start: a machine that is busy for a moment is given another.
it('a trace is small and costs little, and playing it is quicker than computing it', { retry: 2, timeout: 180_000 }, async () => {
  const { stdout } = await execa(process.execPath, [join(root, 'benchmarks/replay-ratio.ts'), '60', '3']);
  const figures = JSON.parse(stdout) as Record<'bytesPerChange' | 'replayRatio' | 'recordRatio', number>;
  console.info(stdout);
  expect(figures.bytesPerChange).toBeLessThan(MOST_BYTES);
  expect(figures.replayRatio).toBeLessThan(MOST_REPLAY);
  expect(figures.recordRatio).toBeLessThan(MOST_RECORD);
});
