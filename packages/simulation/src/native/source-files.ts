import { access, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files by which folders are known that satsim has filled: a run, a sweep. */
const MADE_BY_SATSIM = ['manifests/run.json', 'cells.jsonl'];

/**
 * Files of a folder and of all below, by their paths from it, sorted. Links are followed, those that lead nowhere are passed over.
 * Left out is what is hidden (version control, indexes), and folders of runs and sweeps: a project may have them inside.
 * @param leaveOut more folders, by their paths
 */
export async function sourceFiles(folder: string, leaveOut: readonly string[] = []): Promise<readonly string[]> {
  const files: string[] = [];
  const walk = async (at: string, above: readonly string[]): Promise<void> => {
    const dir = join(folder, at);
    const real = await realpath(dir);
    if (above.includes(real)) return;
    for (const name of await readdir(dir)) {
      if (name.startsWith('.')) continue;
      const path = join(dir, name);
      const kind = await stat(path).catch(() => null);
      if (kind?.isFile()) files.push(join(at, name));
      else if (kind?.isDirectory() && !leaveOut.includes(path) && !(await isMade(path))) await walk(join(at, name), [...above, real]);
    }
  };
  await walk('', []);
  return files.toSorted();
}

async function isMade(folder: string): Promise<boolean> {
  const there = await Promise.all(
    MADE_BY_SATSIM.map((file) =>
      access(join(folder, file)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return there.includes(true);
}
