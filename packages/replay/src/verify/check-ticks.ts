import { isSatsimError, readTrace, TraceHash } from '@satsim/core';
import type { RunManifest, SatsimError, Trace, TraceHeader } from '@satsim/core';
import { compareTicks } from './compare-ticks.js';
import type { Anew } from './compute-anew.js';
import type { Divergence } from './divergence.js';

export interface CheckedTicks {
  /** Computed anew and identical, from the first on. */
  readonly identical: number;
  readonly recorded: number;
  readonly divergence: Divergence | null;
  /** The hash of the ticks that were computed; `null` when not all were. */
  readonly computed: string | null;
  readonly notComputed: SatsimError | null;
}

export interface Remarks {
  readonly problems: string[];
  readonly notes: string[];
}

/** Holds the recorded ticks of a run against their own hash, and against those that are computed anew as far as they are. */
export async function checkTicks(runDir: string, manifest: RunManifest, header: TraceHeader, anew: Anew, remarks: Remarks): Promise<CheckedTicks> {
  const checked = manifest.traceRecorded ? await withTrace(runDir, manifest, header, anew, remarks) : await withHash(manifest, header, anew, remarks);
  const { failure } = anew;
  if (failure === null) return { ...checked, notComputed: null };
  // What was played is there, and is another: that speaks against the run.
  const { problems, notes } = remarks;
  if (failure.code === 'VERIFICATION_FAILED') problems.push(failure.message);
  else notes.push(`the ticks are not computed anew: ${failure.message.replaceAll('\n', '; ')}`);
  return { ...checked, divergence: null, computed: null, notComputed: failure };
}

type Checked = Omit<CheckedTicks, 'notComputed'>;

async function withTrace(runDir: string, manifest: RunManifest, header: TraceHeader, anew: Anew, { problems, notes }: Remarks): Promise<Checked> {
  // A run that is killed may leave half a frame.
  const damage = manifest.outcome === null ? notes : problems;
  const trace = await traceOf(runDir, damage);
  if (trace === null) return { identical: 0, recorded: 0, divergence: null, computed: null };
  const own = new TraceHash(trace.header);
  let recorded = 0;
  const counted = (async function* () {
    for await (const tick of trace.ticks) {
      recorded += 1;
      own.add(tick);
      yield tick;
    }
  })();
  for (const key of ['seed', 't0', 'dt', 'specSha256', 'engineVersion'] as const) {
    if (trace.header[key] !== header[key]) problems.push(`the trace says ${key} ${trace.header[key]}, the run manifest ${header[key]}`);
  }
  // Not to be closed there: where computing fails the rest is read for its hash.
  const { ticks, divergence, sha256 } = await compareTicks(header, { [Symbol.asyncIterator]: () => ({ next: () => counted.next() }) }, anew.ticks);
  const parted = divergence !== null && anew.failure === null;
  if (parted) {
    problems.push('the ticks that are computed now are not those of the run');
    await counted.return(undefined);
  } else for await (const _ of counted);
  if (trace.damage) damage.push(trace.damage.message);
  else if (!parted && manifest.traceSha256 !== null && own.digest() !== manifest.traceSha256)
    problems.push(`the recorded trace has not the hash of the run: it has ${recorded} ticks, and is another one or not whole`);
  return { identical: ticks, recorded, divergence, computed: sha256 };
}

/** `null`: not one line of it can be read, and that is told. */
export async function traceOf(runDir: string, damage: string[]): Promise<Trace | null> {
  try {
    return await readTrace(runDir, { upTo: 'damage' });
  } catch (error) {
    if (!isSatsimError(error)) throw error;
    damage.push(error.message);
    return null;
  }
}

/** Without a trace there is its hash alone: it says whether all is the same, not where it isn't. */
async function withHash(manifest: RunManifest, header: TraceHeader, anew: Anew, { problems }: Remarks): Promise<Checked> {
  const hash = new TraceHash(header);
  const due = manifest.outcome === 'completed' ? manifest.tickCount : manifest.ticks;
  let count = 0;
  const iterator = anew.ticks[Symbol.asyncIterator]();
  for (; count < due; count += 1) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    hash.add(value);
  }
  await iterator.return?.();
  const computed = hash.digest();
  const same = manifest.traceSha256 === computed;
  if (manifest.traceSha256 === null) problems.push('the run has neither a trace nor the hash of one');
  else if (!same && anew.failure === null)
    problems.push(`the ticks that are computed now are not those of the run: their hash is ${computed}, that of the run ${manifest.traceSha256}`);
  return { identical: same ? count : 0, recorded: anew.failure === null ? count : due, divergence: null, computed };
}
