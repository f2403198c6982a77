import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { lacksMininet } from './machine.js';

const PROGRAM = fileURLToPath(new URL('../../../benchmarks/mininet-ratio.ts', import.meta.url));

describe.skipIf(lacksMininet())("changes put into force, beside Mininet's own way", () => {
  // About 160 on a quiet machine; both are measured on this one, one after the other.
  it('a thousand take less than a fortieth of as many TCIntf.config', { timeout: 240_000 }, async () => {
    const { stdout } = await execa(process.execPath, [PROGRAM]);
    const { laneMs, ownMs, ratio } = JSON.parse(stdout) as { laneMs: number; ownMs: number; ratio: number };
    console.info(`lane ${laneMs.toFixed(0)} ms, TCIntf.config ${ownMs.toFixed(0)} ms, ${ratio.toFixed(0)} times`);
    expect(ratio).toBeGreaterThan(40);
  });
});
