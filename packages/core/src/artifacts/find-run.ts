import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isSatsimError, SatsimError } from '../errors.js';
import { findRuns, readRun, readRunDir, type RunRecord } from './read-run.js';
import { MANIFEST_PATH } from './run-paths.js';

/**
 * A run by its id, the beginning of it, or its folder, wherever that is. A folder is that of a run when it is called like one or has
 * the folder `manifests`.
 * @throws SatsimError ARTIFACTS when there is none; USAGE when there are several, and for the path of something else
 */
export async function findRun(artifactsRoot: string, run: string): Promise<RunRecord> {
  if (run === '') throw new SatsimError('USAGE', 'the name of a run is empty', { hint: '`satsim list-runs` shows those that are there' });
  if (await isFolderOfRun(run)) return readRunDir(run);
  try {
    return await readRun(artifactsRoot, run);
  } catch (error) {
    if (isSatsimError(error) && error.code === 'ARTIFACTS') throw (await somethingElse(run)) ?? error;
    throw error;
  }
}

/** By its name: what people pack runs into. */
export const isArchive = (path: string): boolean => /\.(zip|7z|rar|tgz|tar|tar\.\w+)$/i.test(path);

async function isFolderOfRun(path: string): Promise<boolean> {
  const folder = resolve(path);
  if ((await stat(join(folder, dirname(MANIFEST_PATH))).catch(() => null))?.isDirectory()) return true;
  // As a list of its parent folder would tell.
  return (await findRuns(dirname(folder), basename(folder)).catch((): string[] => [])).includes(basename(folder));
}

/** What is wrong with a path that is not the folder of a run; `null` where nothing is. */
async function somethingElse(path: string): Promise<SatsimError | null> {
  const info = await stat(path).catch(() => null);
  if (info === null) return null;
  const usage = (what: string, hint = 'name the folder of a run, or its id'): SatsimError => new SatsimError('USAGE', `${path} ${what}`, { hint });
  if (info.isDirectory()) {
    const [one] = await findRuns(resolve(path)).catch((): string[] => []);
    return usage(`is not a run directory: it has no ${MANIFEST_PATH}`, one === undefined ? undefined : `it holds runs, such as ${one}: name one of them`);
  }
  if (!isArchive(path)) return usage('is a file, not a run directory');
  const unpack = /\.zip$/i.test(path) ? `unzip ${path} -d ${path.slice(0, -'.zip'.length)}` : `tar -xf ${path}`;
  return usage('is an archive, not a run directory', `unpack it first, as by \`${unpack}\`, and name the folder that has ${MANIFEST_PATH} in it`);
}
