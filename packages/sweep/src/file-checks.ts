import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_HASHES_PATH } from '@satsim/core';

/** Of a run's files those that a table is made of, and that say what it was made of; traces can be large, and are `satsim verify`'s. */
const OF_A_RUN = ['summary.json', 'manifests/run.json', 'manifests/scenario.normalized.json'];

/** Those of them that are not what the run wrote, as its own list of hashes says; none where there is no list. */
export async function damagedFiles(runDir: string): Promise<readonly string[]> {
  const list = await readFile(join(runDir, FILE_HASHES_PATH), 'utf8').catch(() => null);
  if (list === null) return [];
  const expected = new Map(list.split('\n').map((line) => [line.slice(66), line.slice(0, 64)]));
  const now = await hashesOf(runDir, OF_A_RUN);
  return OF_A_RUN.filter((path) => expected.has(path) && now[path] !== expected.get(path));
}

/** SHA-256 by path, of those that can be read. */
export async function hashesOf(dir: string, paths: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const hashes: Record<string, string> = {};
  for (const path of paths) {
    const bytes = await readFile(join(dir, path)).catch(() => null);
    if (bytes !== null) hashes[path] = createHash('sha256').update(bytes).digest('hex');
  }
  return hashes;
}
