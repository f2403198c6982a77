import type { TraceError } from '@satsim/core';
import { look } from './network-of-ticks.js';
import type { Recording } from './recording.js';
import type { Window } from './window.js';

/** What there is of a recording to be played. */
export interface Extent extends Window {
  /** Why it ends early; `null` when it does not. */
  readonly damage: TraceError | null;
}

/**
 * From the index, where there is one and all of the trace counts; otherwise by reading the trace.
 * @throws SatsimError ARTIFACTS where no tick was recorded, TRACE_INVALID
 */
export async function extentOf(recording: Recording): Promise<Extent> {
  const frames = recording.upTo === 'end' ? (recording.trace.frames ?? []).filter(({ ticks }) => ticks > 0) : [];
  const [start, last] = [frames[0], frames.at(-1)];
  if (!start || !last) return look(recording);
  return { first: start.firstTick, count: last.firstTick + last.ticks - start.firstTick, damage: null };
}
