import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { artifactError, readRunDir, SatsimError } from '@satsim/core/records';
import type { RunListing } from '@satsim/core/records';

/** A run on its way out: hidden, so that no list shows half of it. */
const TRASH = '.trash-';
/** A run that is just being made has no manifest for a moment. */
const NEW_MS = 60_000;
/**
 * On a shared disk a run may go on on another machine, where its process can't be looked for from here. A run writes its log and
 * metrics once a second while it delivers ticks.
 */
const SILENT_MS = 10 * 60_000;

/** What became of a run that was to be removed. */
export interface Removal {
  readonly runId: string;
  /** Absolute. */
  readonly runDir: string;
  readonly bytes: number;
  readonly removed: boolean;
  /** Why it was left alone. */
  readonly kept: string | null;
}

/**
 * Removes runs, but none that still goes on: each is looked at just before. A run gets another name first, so that whatever
 * happens it is there whole or not at all; what an earlier removal left behind is removed as well.
 * @param dryRun nothing is changed
 * @throws SatsimError ARTIFACTS when something can't be removed
 */
export async function removeRuns(artifactsRoot: string, runs: readonly Pick<RunListing, 'runId' | 'runDir'>[], dryRun: boolean): Promise<readonly Removal[]> {
  const removals: Removal[] = [];
  for (const { runId, runDir } of runs) {
    const kept = await whyKept(runDir);
    const bytes = await bytesOf(runDir);
    if (kept === null && !dryRun) await remove(runId, runDir);
    removals.push({ runId, runDir, bytes, removed: kept === null && !dryRun, kept });
  }
  if (!dryRun) await emptyTrash(resolve(artifactsRoot));
  return removals;
}

/** `null` when nothing speaks against removing it. */
async function whyKept(runDir: string): Promise<string | null> {
  const { status, manifest, endedAt } = await readRunDir(runDir);
  if (status === 'running') return 'it still goes on';
  if (endedAt !== null) return null;
  const changedMs = Date.now() - (await lastChange(runDir));
  if (manifest === null) return changedMs < NEW_MS ? 'it may just be starting: it has no manifest yet' : null;
  return changedMs < SILENT_MS ? 'its files have changed within ten minutes: it may go on on another machine' : null;
}

async function remove(runId: string, runDir: string): Promise<void> {
  const trash = join(dirname(runDir), `${TRASH}${runId}-${randomBytes(4).toString('hex')}`);
  try {
    await rename(runDir, trash);
  } catch (error) {
    // Somebody else was quicker.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw artifactError(error, 'remove', runDir, null);
  }
  await rm(trash, { recursive: true, force: true }).catch((error: unknown) => {
    throw new SatsimError('ARTIFACTS', artifactError(error, 'remove', trash).message, { cause: error, hint: 'it is no run any more: remove it by hand' });
  });
}

async function emptyTrash(root: string): Promise<void> {
  const names = await readdir(root).catch((): string[] => []);
  for (const name of names) if (name.startsWith(TRASH)) await rm(join(root, name), { recursive: true, force: true }).catch(() => undefined);
}

async function bytesOf(dir: string): Promise<number> {
  let bytes = 0;
  for (const { size } of await filesOf(dir)) bytes += size;
  return bytes;
}

async function lastChange(dir: string): Promise<number> {
  const own = await stat(dir).catch(() => null);
  return (await filesOf(dir)).reduce((last, { mtimeMs }) => Math.max(last, mtimeMs), own?.mtimeMs ?? 0);
}

async function filesOf(dir: string): Promise<readonly { readonly size: number; readonly mtimeMs: number }[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch(() => []);
  const found = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).catch(() => null)));
  return found.filter((one) => one !== null);
}
