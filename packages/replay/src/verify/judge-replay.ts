import type { RunResult } from '@satsim/core';
import type { Compared } from './compare-ticks.js';
import { describeDivergence } from './divergence.js';

export interface ReplayDue {
  /** How many ticks the replay was to deliver. */
  readonly ticks: number;
  /** The hash that it has to have: of a replay of all ticks that of the recorded run, where that has one; otherwise `null`. */
  readonly traceSha256: string | null;
}

/**
 * Whether a replay delivered what was recorded: every tick, and each as it was. One that did not come to its end is judged as far
 * as it goes.
 * @returns what is wrong; `null` when nothing is
 */
export function judgeReplay(
  { outcome, traceSha256 }: Pick<RunResult, 'outcome' | 'traceSha256'>,
  { ticks, divergence }: Compared,
  due: ReplayDue,
): string | null {
  if (divergence !== null) return `what the lanes received is not what was recorded: ${describeDivergence(divergence)}`;
  if (outcome !== 'completed') return null;
  if (ticks !== due.ticks) return `the lanes received ${ticks} of ${due.ticks} recorded ticks`;
  if (due.traceSha256 !== null && traceSha256 !== due.traceSha256)
    return `the recording is not the run's: the ticks have the hash ${traceSha256}, the run says ${due.traceSha256}`;
  return null;
}
