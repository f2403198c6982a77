import { basename, dirname, resolve } from 'node:path';
import { findRuns, readRun, readRunDir } from '@satsim/core/records';
import type { RunRecord } from '@satsim/core/records';

/** How verbs call it in their help. */
export const A_RUN = 'run id, the beginning of one, or the folder of a run';

/**
 * A run by its id, the beginning of it, or its folder, wherever that is.
 * @throws SatsimError ARTIFACTS when there is none, USAGE when there are several
 */
export async function findRun(artifactsRoot: string, run: string): Promise<RunRecord> {
  return (await isFolderOfRun(run)) ? readRunDir(run) : readRun(artifactsRoot, run);
}

/** As a list of its parent folder would tell: other folders are no runs, above all for those who remove one. */
async function isFolderOfRun(path: string): Promise<boolean> {
  const folder = resolve(path);
  const runs = await findRuns(dirname(folder), basename(folder)).catch((): string[] => []);
  return runs.includes(basename(folder));
}
