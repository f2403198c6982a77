import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunOutcome } from '../contract/exporter.js';
import { SatsimError } from '../errors.js';
import { artifactError } from './artifact-error.js';
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

/**
 * All runs below the folder, newest first; what can't be read is listed as such. A folder that isn't there holds none.
 * @throws SatsimError ARTIFACTS when the folder itself can't be read
 */
export async function listRuns(artifactsRoot: string): Promise<readonly RunListing[]> {
  const root = resolve(artifactsRoot);
  const runs = await Promise.all((await runIds(root)).map((runId) => read(root, runId)));
  return runs.map(({ manifest: _manifest, summary: _summary, ...listing }) => listing);
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
    : new SatsimError('ARTIFACTS', `${found.length} runs in ${root} begin with ${idOrPrefix}: ${found.join(', ')}`, { hint: 'give more of the id' });
}

async function runIds(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .flatMap((entry) => (entry.isDirectory() && !entry.name.startsWith('.') ? [entry.name] : []))
      .sort()
      .reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw artifactError(error, 'read', root);
  }
}

async function read(root: string, runId: string): Promise<RunRecord> {
  const runDir = join(root, runId);
  const problems: string[] = [];
  const manifest = await readJson<RunManifest>(join(runDir, MANIFEST_PATH), (value) => 'runId' in value && 'outcome' in value, problems);
  // While it runs, and after a crash, there is none: only its absence after an end is a problem.
  const summaryProblems: string[] = [];
  const summary = await readJson<RunSummary>(join(runDir, SUMMARY_PATH), (value) => 'runId' in value && 'outcome' in value, summaryProblems);
  if (manifest && manifest.outcome !== null) problems.push(...summaryProblems);
  return {
    runId,
    runDir,
    status: manifest === null ? 'unreadable' : (manifest.outcome ?? (isAlive(manifest.pid) ? 'running' : 'crashed')),
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

async function readJson<T>(path: string, isOurs: (value: object) => boolean, problems: string[]): Promise<T | null> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value === 'object' && value !== null && isOurs(value)) return value as T;
    problems.push(`${path} is not what satsim writes there`);
  } catch (error) {
    problems.push(error instanceof SyntaxError ? `${path} is not JSON: ${error.message}` : artifactError(error, 'read', path).message);
  }
  return null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
