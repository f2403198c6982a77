import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { RunOutcome } from '../contract/exporter.js';
import { formatPath, SatsimError } from '../errors.js';
import { artifactError } from './artifact-error.js';
import { isProcessAlive } from './process-start.js';
import { manifestFile, summaryFile } from './run-files.js';
import { MANIFEST_PATH, type RunManifest } from './run-manifest.js';
import { SUMMARY_PATH, type RunSummary } from './summary.js';

/** `crashed`: the manifest says it runs, but its process is gone. `unreadable`: there is no manifest that can be read. */
export type RunStatus = RunOutcome | 'running' | 'crashed' | 'unreadable';

export interface RunListing {
  readonly runId: string;
  /** Absolute. */
  readonly runDir: string;
  readonly status: RunStatus;
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly ticks: number | null;
  readonly reason: string | null;
  /** What is wrong with the files of the run. */
  readonly problems: readonly string[];
}

export interface RunRecord extends RunListing {
  readonly manifest: RunManifest | null;
  readonly summary: RunSummary | null;
}

/** How {@link makeRunId} begins. */
const RUN_ID = /^\d{8}T\d{6}Z-/;

/**
 * All runs below the folder, newest first; what can't be read is listed as such. A folder that isn't there holds none, and
 * folders that neither are called like a run nor have its manifests are somebody else's.
 * @throws SatsimError ARTIFACTS when the folder itself can't be read
 */
export async function listRuns(artifactsRoot: string): Promise<readonly RunListing[]> {
  const root = resolve(artifactsRoot);
  const runs = await Promise.all((await runIds(root)).map((runId) => read(root, runId)));
  return runs.map(({ manifest: _manifest, summary: _summary, ...listing }) => listing).sort((a, b) => (begin(a) < begin(b) ? 1 : begin(a) > begin(b) ? -1 : 0));
}

/** Ids only tell seconds apart; where nothing else can be read, they are what there is. */
function begin({ runId, startedAt }: RunListing): string {
  return startedAt !== null && /^\d{4}-\d\d-\d\dT/.test(startedAt) ? startedAt.replaceAll(/[-:]/g, '') : runId;
}

/**
 * One run, by its id or the beginning of it.
 * @throws SatsimError ARTIFACTS when no run, or more than one, begins like this
 */
export async function readRun(artifactsRoot: string, idOrPrefix: string): Promise<RunRecord> {
  const root = resolve(artifactsRoot);
  const ids = await runIds(root);
  const found = ids.includes(idOrPrefix) ? [idOrPrefix] : ids.filter((id) => idOrPrefix !== '' && id.startsWith(idOrPrefix));
  if (found.length === 1) return read(root, found[0]!);
  throw found.length === 0
    ? new SatsimError('ARTIFACTS', `no run in ${root} is called ${idOrPrefix}`, { hint: '`satsim list-runs` shows those that are there' })
    : new SatsimError('USAGE', `${found.length} runs in ${root} begin with ${idOrPrefix}: ${found.join(', ')}`, { hint: 'give more of the id' });
}

/** One run, by its folder, wherever that is. What cannot be read is told by `status` and `problems`. */
export function readRunDir(runDir: string): Promise<RunRecord> {
  const full = resolve(runDir);
  return read(dirname(full), basename(full));
}

async function runIds(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    const ours = await Promise.all(entries.map(async ({ name }) => ((await isRun(join(root, name), name)) ? [name] : [])));
    return ours.flat().sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw artifactError(error, 'read', root);
  }
}

/** A link to the folder of a run counts as well. */
async function isRun(dir: string, name: string): Promise<boolean> {
  const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;
  if (name.startsWith('.') || !(await isFolder(dir))) return false;
  return RUN_ID.test(name) || isFolder(join(dir, dirname(MANIFEST_PATH)));
}

async function read(root: string, runId: string): Promise<RunRecord> {
  const runDir = join(root, runId);
  const problems: string[] = [];
  const manifest = await readJson<RunManifest>(join(runDir, MANIFEST_PATH), manifestFile, problems);
  // While it runs, and after a crash, there is none: only its absence after an end is a problem.
  const summaryProblems: string[] = [];
  const summary = await readJson<RunSummary>(join(runDir, SUMMARY_PATH), summaryFile, summaryProblems);
  if (manifest && manifest.outcome !== null) problems.push(...summaryProblems);
  const status = manifest === null ? 'unreadable' : (manifest.outcome ?? (isProcessAlive(manifest.pid, manifest.processStart) ? 'running' : 'crashed'));
  // A run that is just ending has written its summary, but not yet the end of its manifest.
  if (manifest && summary && summary.outcome !== manifest.outcome && status !== 'running') {
    problems.push(`${SUMMARY_PATH} says ${summary.outcome}, the run manifest says ${manifest.outcome ?? 'that the run has not ended'}`);
  }
  return {
    runId,
    runDir,
    status,
    name: manifest?.name ?? null,
    tags: manifest?.tags ?? [],
    startedAt: manifest?.startedAt ?? null,
    endedAt: manifest?.endedAt ?? null,
    ticks: manifest?.ticks ?? null,
    reason: manifest?.reason ?? null,
    problems,
    manifest,
    summary,
  };
}

async function readJson<T>(path: string, schema: z.ZodType, problems: string[]): Promise<T | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    const { error } = schema.safeParse(value);
    if (!error) return value as T;
    const what = error.issues
      .slice(0, 1)
      .map((issue) => [formatPath(issue.path as (string | number)[]), issue.message].filter((part) => part !== '').join(': '));
    problems.push([`${path} is not what satsim writes there`, ...what].join(': '));
  } catch (error) {
    problems.push(error instanceof SyntaxError ? `${path} is not JSON: ${error.message}` : artifactError(error, 'read', path).message);
  }
  return null;
}
