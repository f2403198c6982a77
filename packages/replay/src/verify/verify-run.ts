import { changedFiles, FILE_HASHES_PATH, readTrace, TraceHash } from '@satsim/core';
import type { ChangedFile, RunManifest, RunRecord, TickStream, TickUpdate, TraceHeader } from '@satsim/core';
import { compareTicks, type Compared } from './compare-ticks.js';
import type { Divergence } from './divergence.js';
import { endedRun } from './ended-run.js';

/** What `satsim verify` found of one run. */
export interface Verification {
  readonly runId: string;
  readonly runDir: string;
  /** Nothing speaks against the run. */
  readonly ok: boolean;
  /** Files held against their hashes; `null` where the run has none. */
  readonly files: { readonly checked: number; readonly changed: readonly ChangedFile[] } | null;
  readonly ticks: {
    /** Computed anew and identical, from the first on. */
    readonly identical: number;
    /** What the run delivered, or of a run that crashed what can be read. */
    readonly recorded: number;
    /** What the scenario asked for. */
    readonly planned: number;
  };
  readonly traceSha256: { readonly recorded: string | null; readonly computed: string | null };
  readonly divergence: Divergence | null;
  /** Why it is not ok, in words. */
  readonly problems: readonly string[];
  /** What is not compared, and what differs without harm. */
  readonly notes: readonly string[];
}

export interface VerifyOptions {
  /** Computes the run's ticks anew from what it has recorded; called once. */
  readonly compute: () => Promise<TickStream>;
  /** Versions of what computes now, by component. */
  readonly versions: ReadonlyMap<string, string>;
}

/**
 * Checks a run: its files by their hashes, its trace by its own hash, its ticks by computing them anew.
 * @throws SatsimError ARTIFACTS when the run can't be read, RUN_STATE when it still goes on; what computing throws
 */
export async function verifyRun(record: RunRecord, { compute, versions }: VerifyOptions): Promise<Verification> {
  const manifest = endedRun(record);
  const { runId, runDir } = record;
  const problems = [...record.problems];
  const notes: string[] = [];
  const files = await checkFiles(runDir, manifest, problems, notes);
  if (manifest.outcome !== 'completed')
    notes.push(`the run ${manifest.outcome === null ? 'crashed' : `was ${manifest.outcome}`}: it is verified as far as it goes`);

  const header = headerOf(manifest);
  if (header === null) notes.push('the run ended before the first tick');
  const tainted = (files?.changed ?? []).some(({ path }) => /^manifests\/(scenario\.normalized\.json|elements\/|run\.json)/.test(path));
  if (tainted) notes.push('the ticks are not computed anew: what they would be computed from has changed');
  const found = header === null || tainted ? null : await checkTicks(runDir, manifest, header, compute, problems, notes);
  for (const { name, version } of manifest.components) {
    const now = versions.get(name);
    if (now !== undefined && now !== version) notes.push(`${name} was ${version}, now it is ${now}`);
  }
  return {
    runId,
    runDir,
    ok: problems.length === 0,
    files,
    ticks: { identical: found?.compared.ticks ?? 0, recorded: found?.recorded ?? manifest.ticks, planned: manifest.tickCount },
    traceSha256: { recorded: manifest.traceSha256, computed: found?.compared.sha256 ?? null },
    divergence: found?.compared.divergence ?? null,
    problems,
    notes,
  };
}

async function checkFiles(runDir: string, manifest: RunManifest, problems: string[], notes: string[]): Promise<Verification['files']> {
  const found = await changedFiles(runDir).catch((error: unknown) => {
    problems.push((error as Error).message);
    return undefined;
  });
  if (found === undefined) return null;
  if (found === null) {
    // Runs of core 1.0 have none, and do not say what they replay either.
    const due = manifest.outcome !== null && manifest.outcome !== 'failed' && manifest.recording !== undefined;
    if (due) problems.push(`${FILE_HASHES_PATH} is missing`);
    else notes.push('the run has no hashes of its files: it did not come to its end, or is of an older version');
    return null;
  }
  // The hashes are written just before the end of the manifest.
  const changed = found.changed.filter(({ path }) => manifest.outcome !== null || path !== 'manifests/run.json');
  for (const { path, what } of changed) problems.push(`${path} ${what === 'changed' ? 'has changed since the run' : `is ${what}`}`);
  return { checked: found.files, changed };
}

interface Checked {
  readonly compared: Compared;
  readonly recorded: number;
}

async function checkTicks(
  runDir: string,
  manifest: RunManifest,
  header: TraceHeader,
  compute: VerifyOptions['compute'],
  problems: string[],
  notes: string[],
): Promise<Checked> {
  const stream = await compute();
  try {
    const { engineVersion, specSha256 } = stream.info;
    if (engineVersion !== header.engineVersion) notes.push(`the engine was ${header.engineVersion}, now it is ${engineVersion}`);
    if (specSha256 !== header.specSha256) notes.push('the specification that the scenario is compiled to is another one now');
    const checked = manifest.traceRecorded
      ? await withTrace(runDir, manifest, header, stream.ticks, problems, notes)
      : await withHash(manifest, header, stream.ticks, problems);
    return checked;
  } finally {
    await stream.close();
  }
}

async function withTrace(
  runDir: string,
  manifest: RunManifest,
  header: TraceHeader,
  ticks: AsyncIterable<TickUpdate>,
  problems: string[],
  notes: string[],
): Promise<Checked> {
  const trace = await readTrace(runDir, { upTo: 'damage' });
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
  const compared = await compareTicks(header, counted, ticks);
  if (compared.divergence) problems.push('the ticks that are computed now are not those of the run');
  if (trace.damage) {
    // A run that is killed may leave half a frame.
    if (manifest.outcome === null) notes.push(trace.damage.message);
    else problems.push(trace.damage.message);
  } else if (compared.divergence === null && manifest.traceSha256 !== null && own.digest() !== manifest.traceSha256) {
    problems.push(`the recorded trace has not the hash of the run: it has ${recorded} ticks, and is another one or not whole`);
  }
  return { compared, recorded };
}

/** Without a trace there is its hash alone: it says whether all is the same, not where it isn't. */
async function withHash(manifest: RunManifest, header: TraceHeader, ticks: AsyncIterable<TickUpdate>, problems: string[]): Promise<Checked> {
  const hash = new TraceHash(header);
  const due = manifest.outcome === 'completed' ? manifest.tickCount : manifest.ticks;
  let count = 0;
  const iterator = ticks[Symbol.asyncIterator]();
  for (; count < due; count += 1) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    hash.add(value);
  }
  await iterator.return?.();
  const sha256 = hash.digest();
  const same = manifest.traceSha256 === sha256;
  if (manifest.traceSha256 === null) problems.push('the run has neither a trace nor the hash of one');
  else if (!same) problems.push(`the ticks that are computed now are not those of the run: their hash is ${sha256}, that of the run ${manifest.traceSha256}`);
  return { compared: { ticks: same ? count : 0, divergence: null, sha256 }, recorded: count };
}

/** `null` for a run without a first tick. */
function headerOf({ seed, t0, dtMs, engine }: RunManifest): TraceHeader | null {
  return engine === null ? null : { seed, t0: Date.parse(t0), dt: dtMs, specSha256: engine.specSha256, engineVersion: engine.engineVersion };
}
