import type { RunRecord } from '@satsim/core';
import { traceOf } from './check-ticks.js';
import { compareTicks } from './compare-ticks.js';
import type { Divergence } from './divergence.js';
import { endedRun } from './ended-run.js';

/** Whether two runs had the same network at every tick. */
export interface PairVerification {
  readonly runs: readonly [string, string];
  readonly ok: boolean;
  /** Ticks that are identical, from the first on. */
  readonly identical: number;
  readonly divergence: Divergence | null;
  readonly traceSha256: readonly [string | null, string | null];
  readonly problems: readonly string[];
  /** What differs without making another network: versions, seeds. */
  readonly notes: readonly string[];
}

/**
 * Holds the ticks of two runs against each other: by their traces, or by the hashes of these where one has none. Of a run that
 * crashed what can be read counts.
 * @throws SatsimError VERIFICATION_FAILED when a run manifest can't be read; RUN_STATE when one still goes on
 */
export async function verifyPair(a: RunRecord, b: RunRecord): Promise<PairVerification> {
  const [first, second] = [endedRun(a), endedRun(b)];
  const notes: string[] = [];
  const problems: string[] = [];
  const say = (what: string, was: unknown, is: unknown): void =>
    void (was !== is && notes.push(`${what}: ${String(was)} in ${a.runId}, ${String(is)} in ${b.runId}`));
  say('seed', first.seed, second.seed);
  say('engine', first.engine?.engineVersion, second.engine?.engineVersion);
  say('specification', first.engine?.specSha256, second.engine?.specSha256);
  say('outcome', first.outcome, second.outcome);
  const traceSha256 = [first.traceSha256, second.traceSha256] as const;
  const done = (identical: number, divergence: Divergence | null): PairVerification => ({
    runs: [a.runId, b.runId],
    ok: problems.length === 0,
    identical,
    divergence,
    traceSha256,
    problems,
    notes,
  });
  if (!first.traceRecorded || !second.traceRecorded) {
    if (traceSha256[0] === null || traceSha256[0] !== traceSha256[1])
      problems.push('the hashes of the two are not the same, and one has no trace that would say where they part');
    return done(problems.length === 0 ? first.ticks : 0, null);
  }
  const [left, right] = [await traceOf(a.runDir, notes), await traceOf(b.runDir, notes)];
  for (const [{ runId }, trace] of [[a, left] as const, [b, right] as const]) if (trace === null) problems.push(`${runId} has no trace that can be read`);
  if (left === null || right === null) return done(0, null);
  const others = right.ticks[Symbol.asyncIterator]();
  try {
    // Not to be closed there: whether it goes on is asked afterwards.
    const { ticks, divergence } = await compareTicks(left.header, left.ticks, { [Symbol.asyncIterator]: () => ({ next: () => others.next() }) });
    const goesOn = (longer: string, shorter: string): string =>
      ticks === 0 ? `${longer} has ticks, ${shorter} has none` : `${longer} goes on after tick ${ticks - 1}, the last of ${shorter}`;
    if (divergence) problems.push(divergence.field === 'tick' ? goesOn(a.runId, b.runId) : 'the two runs part');
    else if ((await others.next()).done !== true) problems.push(goesOn(b.runId, a.runId));
    else if (ticks === 0) problems.push('neither of the two has a tick');
    for (const [{ damage }, { outcome }] of [[left, first] as const, [right, second] as const]) {
      // A run that is killed may leave half a frame.
      if (damage) (outcome === null ? notes : problems).push(damage.message);
    }
    return done(ticks, divergence);
  } finally {
    await others.return?.();
  }
}
