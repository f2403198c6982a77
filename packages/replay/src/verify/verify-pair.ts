import { readTrace, SatsimError } from '@satsim/core';
import type { RunRecord } from '@satsim/core';
import { compareTicks } from './compare-ticks.js';
import type { Divergence } from './divergence.js';

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
 * Holds the ticks of two runs against each other: by their traces, or by the hashes of these where one has none.
 * @throws SatsimError ARTIFACTS, TRACE_INVALID
 */
export async function verifyPair(a: RunRecord, b: RunRecord): Promise<PairVerification> {
  const [first, second] = [a, b].map(({ runId, manifest, problems }) => {
    if (manifest === null) throw new SatsimError('ARTIFACTS', `run ${runId} cannot be read: ${problems.join('; ')}`);
    return manifest;
  });
  const notes: string[] = [];
  const problems: string[] = [];
  const say = (what: string, was: unknown, is: unknown): void =>
    void (was !== is && notes.push(`${what}: ${String(was)} in ${a.runId}, ${String(is)} in ${b.runId}`));
  say('seed', first!.seed, second!.seed);
  say('engine', first!.engine?.engineVersion, second!.engine?.engineVersion);
  say('specification', first!.engine?.specSha256, second!.engine?.specSha256);
  say('outcome', first!.outcome, second!.outcome);
  const traceSha256 = [first!.traceSha256, second!.traceSha256] as const;
  const done = (identical: number, divergence: Divergence | null): PairVerification => ({
    runs: [a.runId, b.runId],
    ok: problems.length === 0,
    identical,
    divergence,
    traceSha256,
    problems,
    notes,
  });
  if (!first!.traceRecorded || !second!.traceRecorded) {
    if (traceSha256[0] === null || traceSha256[0] !== traceSha256[1])
      problems.push('the hashes of the two are not the same, and one has no trace that would say where they part');
    return done(problems.length === 0 ? first!.ticks : 0, null);
  }
  const [left, right] = [await readTrace(a.runDir), await readTrace(b.runDir)];
  let counted = 0;
  const others = (async function* () {
    for await (const tick of right.ticks) {
      counted += 1;
      yield tick;
    }
  })();
  const { ticks, divergence } = await compareTicks(left.header, left.ticks, others);
  if (divergence) problems.push('the two runs part');
  else if (second!.traceSha256 !== first!.traceSha256 && second!.ticks > ticks && counted >= ticks)
    problems.push(`${b.runId} goes on after tick ${ticks - 1}, the last of ${a.runId}`);
  return done(ticks, divergence);
}
