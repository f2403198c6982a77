import { readTrace } from '@satsim/core';
import { expect } from 'vitest';
import type { workplace } from './satsim.js';

/** What a run has left of ticks is what a replay plays, to the last one; of none it is said that there is none. */
export async function expectReplays(place: ReturnType<typeof workplace>, runDir: string, label: string): Promise<void> {
  let ticks = 0;
  const trace = await readTrace(runDir, { upTo: 'damage' }).catch(() => null);
  if (trace) for await (const _ of trace.ticks) ticks += 1;
  const { stdout, exitCode } = await place.satsim('replay', runDir, '--verify', '--set', 'assertions=[]', '--format', 'json');
  if (ticks === 0) expect({ label, exitCode, said: JSON.parse(stdout) as unknown }).toMatchObject({ exitCode: 1, said: { error: { code: 'ARTIFACTS' } } });
  else expect({ label, exitCode, said: JSON.parse(stdout) as unknown }).toMatchObject({ exitCode: 0, said: { ticks, verified: { identical: true, ticks } } });
}
