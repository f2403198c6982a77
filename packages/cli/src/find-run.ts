import { stat } from 'node:fs/promises';
import { readRun, readRunDir } from '@satsim/core/records';
import type { RunRecord } from '@satsim/core/records';

/**
 * A run by its id, the beginning of it, or its folder, wherever that is.
 * @throws SatsimError ARTIFACTS when there is none, USAGE when there are several
 */
export async function findRun(artifactsRoot: string, run: string): Promise<RunRecord> {
  return (await isFolder(run)) ? readRunDir(run) : readRun(artifactsRoot, run);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
}
