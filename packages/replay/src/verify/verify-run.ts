import { changedFiles, FILE_HASHES_PATH, readTrace, SatsimError } from '@satsim/core';
import type { ChangedFile, RunManifest, RunRecord, TickStream, TraceHeader } from '@satsim/core';
import { type CheckedTicks, checkTicks, type Remarks } from './check-ticks.js';
import { computeAnew } from './compute-anew.js';
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
    /** What the run delivered, or of a run that crashed what can be read; 0 as well where the run manifest can't be read. */
    readonly recorded: number;
    /** What the scenario asked for. */
    readonly planned: number;
  };
  readonly traceSha256: { readonly recorded: string | null; readonly computed: string | null };
  readonly divergence: Divergence | null;
  /** Why the ticks could not be computed anew, or not all of them: then what is recorded is held against its own hash alone. */
  readonly notComputed: SatsimError | null;
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

const ENDS = { stopped: 'was stopped', interrupted: 'was interrupted', failed: 'failed', crashed: 'crashed' } as const;

/**
 * Checks a run: its files by their hashes, its trace by its own hash, its ticks by computing them anew. Of a run whose manifest can't
 * be read that is a problem, and its files are all that is looked at.
 * @throws SatsimError RUN_STATE when it still goes on, INTERRUPTED
 */
export async function verifyRun(record: RunRecord, { compute, versions }: VerifyOptions): Promise<Verification> {
  const manifest = record.manifest && endedRun(record);
  const { runId, runDir } = record;
  const problems = [...record.problems];
  const notes: string[] = [];
  const remarks = { problems, notes };
  const files = await checkFiles(runDir, manifest, remarks);
  const ticks = manifest && (await checkComputed(runDir, manifest, files, compute, remarks));
  for (const { name, version } of manifest?.components ?? []) {
    const now = versions.get(name);
    if (now !== undefined && now !== version) notes.push(`${name} was ${version}, now it is ${now}`);
  }
  const recorded = ticks?.recorded ?? manifest?.ticks ?? 0;
  if (manifest && manifest.outcome !== 'completed')
    notes.push(`the run ${ENDS[manifest.outcome ?? 'crashed']}${recorded > 0 ? ': it is verified as far as it goes' : ' before a tick was recorded'}`);
  if (manifest ? recorded === 0 && problems.length === 0 : files === null && (await withoutTrace(runDir)))
    problems.push('no tick was recorded: there is nothing that could be verified');
  return {
    runId,
    runDir,
    ok: problems.length === 0,
    files,
    ticks: { identical: ticks?.identical ?? 0, recorded, planned: manifest?.tickCount ?? 0 },
    traceSha256: { recorded: manifest?.traceSha256 ?? null, computed: ticks?.computed ?? null },
    divergence: ticks?.divergence ?? null,
    notComputed: ticks?.notComputed ?? null,
    problems,
    notes,
  };
}

const withoutTrace = (runDir: string): Promise<boolean> =>
  readTrace(runDir, { upTo: 'damage' }).then(
    () => false,
    () => true,
  );

/** `null` for a run without a first tick. */
async function checkComputed(
  runDir: string,
  manifest: RunManifest,
  files: Verification['files'],
  compute: VerifyOptions['compute'],
  remarks: Remarks,
): Promise<CheckedTicks | null> {
  const header = headerOf(manifest);
  if (header === null) return null;
  const tainted = (files?.changed ?? []).some(({ path }) => /^manifests\/(scenario\.normalized\.json|elements\/|run\.json)/.test(path));
  const changed = new SatsimError('ARTIFACTS', 'what they would be computed from has changed');
  const anew = computeAnew(tainted ? () => Promise.reject(changed) : compute, header, remarks.notes);
  return checkTicks(runDir, manifest, header, anew, remarks);
}

async function checkFiles(runDir: string, manifest: RunManifest | null, { problems, notes }: Remarks): Promise<Verification['files']> {
  const found = await changedFiles(runDir).catch((error: unknown) => {
    problems.push((error as Error).message);
    return undefined;
  });
  if (found === undefined) return null;
  if (found === null) {
    // Runs of core 1.0 have none, and do not say what they replay either.
    const due = manifest !== null && manifest.outcome !== null && manifest.outcome !== 'failed' && manifest.recording !== undefined;
    if (due) problems.push(`${FILE_HASHES_PATH} is missing`);
    else notes.push('the run has no hashes of its files: it did not come to its end, or is of an older version');
    return null;
  }
  // The hashes are written just before the end of the manifest.
  const changed = found.changed.filter(({ path }) => manifest?.outcome !== null || path !== 'manifests/run.json');
  for (const { path, what } of changed) problems.push(`${path} ${what === 'changed' ? 'has changed since the run' : `is ${what}`}`);
  return { checked: found.files, changed };
}

/** `null` for a run without a first tick. */
function headerOf({ seed, t0, dtMs, engine }: RunManifest): TraceHeader | null {
  return engine === null ? null : { seed, t0: Date.parse(t0), dt: dtMs, specSha256: engine.specSha256, engineVersion: engine.engineVersion };
}
