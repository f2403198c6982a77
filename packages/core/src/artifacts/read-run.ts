import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { z } from 'zod';
import type { RunOutcome } from '../contract/exporter.js';
import { formatPath, SatsimError } from '../errors.js';
import { artifactError, unreadable } from './artifact-error.js';
import { isProcessAlive } from './process-start.js';
import type { RunManifest } from './run-manifest.js';
import { MANIFEST_PATH, SUMMARY_PATH } from './run-paths.js';
import { readTagChanges, tagsAfter } from './run-tags.js';
import type { RunSummary } from './summary.js';

/** `crashed`: the manifest says it runs, but its process is gone. `unreadable`: there is no manifest that can be read. */
export type RunStatus = RunOutcome | 'running' | 'crashed' | 'unreadable';

export interface RunListing {
  readonly runId: string;
  /** Absolute. */
  readonly runDir: string;
  readonly status: RunStatus;
  readonly name: string | null;
  /** Those that it was started with, as `satsim runs tag` has changed them. */
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
 * What the files of a run say: true for as long as the files are the same, and plain JSON, so that it can be kept. Whether the run
 * still goes on is not among it: {@link judgeRun} looks.
 */
export interface RunFacts extends Pick<RunListing, 'name' | 'tags' | 'startedAt' | 'endedAt' | 'ticks' | 'reason' | 'problems'> {
  /** `null` where there is no manifest that can be read. */
  readonly process: { readonly pid: number; readonly start: string | null } | null;
  /** What the manifest says; `null` before the end. */
  readonly outcome: RunOutcome | null;
  /** What the summary says. */
  readonly summarised: RunOutcome | null;
}

interface ReadRun {
  readonly facts: RunFacts;
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
  const runs = await Promise.all((await findRuns(root)).map(async (runId) => judgeRun(join(root, runId), runId, await readRunFacts(join(root, runId)))));
  return newestFirst(await withoutRemoved(runs));
}

/** Without runs that were removed while they were read: what is wrong with these is that they are gone. */
export async function withoutRemoved(runs: readonly RunListing[]): Promise<readonly RunListing[]> {
  const odd = runs.filter(({ problems }) => problems.length > 0);
  const gone = await Promise.all(odd.map(({ runDir }) => isGone(runDir)));
  const removed = new Set(odd.filter((_, index) => gone[index]));
  return removed.size === 0 ? runs : runs.filter((run) => !removed.has(run));
}

/** By when they started. */
export function newestFirst(runs: readonly RunListing[]): readonly RunListing[] {
  const keyed = runs.map((run) => ({ run, begin: begin(run) }));
  return keyed.sort((a, b) => (a.begin < b.begin ? 1 : a.begin > b.begin ? -1 : 0)).map(({ run }) => run);
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
  const ids = idOrPrefix === '' ? [] : await findRuns(root, idOrPrefix);
  const found = ids.includes(idOrPrefix) ? [idOrPrefix] : ids;
  if (found.length === 1) return readRunDir(join(root, found[0]!));
  throw found.length === 0
    ? new SatsimError('ARTIFACTS', `no run in ${root} is called ${idOrPrefix}`, {
        hint: `\`satsim list-runs --artifacts-root ${artifactsRoot}\` shows those that are there`,
      })
    : new SatsimError('USAGE', `${found.length} runs in ${root} begin with ${idOrPrefix}: ${shortened(found)}`, { hint: 'give more of the id' });
}

/** The run in a folder, wherever that is; what can't be read is told in `problems`. */
export async function readRunDir(folder: string): Promise<RunRecord> {
  const runDir = resolve(folder);
  const { facts, manifest, summary } = await readFiles(runDir);
  return { ...judgeRun(runDir, basename(runDir), facts), manifest, summary };
}

const FEW = 20;
const shortened = (ids: readonly string[]): string => [...ids.slice(0, FEW), ...(ids.length > FEW ? [`and ${ids.length - FEW} more`] : [])].join(', ');

/**
 * The ids of the runs in a folder, the last first; with `prefix` those that begin so. A folder that isn't there holds none.
 * @throws SatsimError ARTIFACTS when the folder can't be read
 */
export async function findRuns(root: string, prefix = ''): Promise<readonly string[]> {
  try {
    const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => name.startsWith(prefix) && !name.startsWith('.'));
    const ours: string[] = [];
    for (const entry of entries) {
      const dir = join(root, entry.name);
      // A link to the folder of a run counts as well.
      if (!entry.isDirectory() && !(entry.isSymbolicLink() && (await isFolder(dir)))) continue;
      if (RUN_ID.test(entry.name) || (await isFolder(join(dir, dirname(MANIFEST_PATH))))) ours.push(entry.name);
    }
    return ours.sort().reverse();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(error, root);
  }
}

const isGone = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    ({ code }: NodeJS.ErrnoException) => code === 'ENOENT',
  );
const isFolder = async (path: string): Promise<boolean> => (await stat(path).catch(() => null))?.isDirectory() ?? false;

/** What the files of one run say now; see {@link RUN_FACT_FILES}. */
export async function readRunFacts(runDir: string): Promise<RunFacts> {
  return (await readFiles(runDir)).facts;
}

async function readFiles(runDir: string): Promise<ReadRun> {
  const problems: string[] = [];
  // Loaded here: checking takes longer to load than a list of runs that are known to be sound takes to show.
  const { manifestFile, NOT_IN_MANIFEST, summaryFile } = await import('./run-files.js');
  const read = await readJson<RunManifest>(join(runDir, MANIFEST_PATH), manifestFile, problems);
  const manifest = read && { ...NOT_IN_MANIFEST, ...read, host: { ...NOT_IN_MANIFEST.host, ...read.host } };
  // While it runs, and after a crash, there is none: only its absence after an end is a problem.
  const summaryProblems: string[] = [];
  const summary = await readJson<RunSummary>(join(runDir, SUMMARY_PATH), summaryFile, summaryProblems);
  if (manifest && manifest.outcome !== null) problems.push(...summaryProblems);
  const tagProblems: string[] = [];
  const changes = await readTagChanges(runDir, tagProblems);
  // Where the manifest can't be read, the reason is told once.
  if (manifest) problems.push(...tagProblems);
  const facts: RunFacts = {
    name: manifest?.name ?? null,
    tags: tagsAfter(manifest?.tags ?? [], changes),
    startedAt: manifest?.startedAt ?? null,
    endedAt: manifest?.endedAt ?? null,
    ticks: manifest?.ticks ?? null,
    reason: manifest?.reason ?? null,
    problems,
    process: manifest && { pid: manifest.pid, start: manifest.processStart ?? null },
    outcome: manifest?.outcome ?? null,
    summarised: summary?.outcome ?? null,
  };
  return { facts, manifest, summary };
}

/** What a run is at this moment, by what its files say and whether its process is there. */
export function judgeRun(runDir: string, runId: string, facts: RunFacts): RunListing {
  const { name, tags, startedAt, endedAt, ticks, reason, process: owner, outcome, summarised } = facts;
  const status = owner === null ? 'unreadable' : (outcome ?? (isProcessAlive(owner.pid, owner.start) ? 'running' : 'crashed'));
  // A run that is just ending has written its summary, but not yet the end of its manifest.
  const disagree = owner !== null && summarised !== null && summarised !== outcome && status !== 'running';
  const said = `${SUMMARY_PATH} says ${summarised}, the run manifest says ${outcome ?? 'that the run has not ended'}`;
  return { runId, runDir, status, name, tags, startedAt, endedAt, ticks, reason, problems: disagree ? [...facts.problems, said] : facts.problems };
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
