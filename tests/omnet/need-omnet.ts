import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Skips a test where OMNeT++ is not on PATH, saying so. Unlike real emulation it needs no root. */
export function needOmnet(context: TestContext): void {
  try {
    execFileSync('sh', ['-c', 'opp_run -v'], { stdio: 'ignore' });
  } catch {
    context.skip('needs OMNeT++: there is no opp_run on PATH');
  }
}
