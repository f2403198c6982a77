import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { artifactError, unreadable } from './artifact-error.js';
import type { ArtifactStore } from './artifact-store.js';
import { FILE_HASHES_PATH } from './run-paths.js';

/** What may come or change after the run: its labels, and what others make of it. */
const OURS = /^(?:manifests|logs|traces|results|metrics|lanes)\/|^summary\.json$/;

/**
 * Writes `manifests/files.sha256`, in the format of `sha256sum`: every file of the run, by paths relative to it. So
 * `sha256sum -c manifests/files.sha256` in the run directory, and `satsim verify`, notice what has changed. The last line, a comment,
 * has the hash of those above it: so the list notices what becomes of itself.
 *
 * @param pending files that are written after this one, with the content they will have
 * @throws SatsimError ARTIFACTS
 */
export async function writeFileHashes(store: ArtifactStore, pending: ReadonlyMap<string, string>): Promise<void> {
  const hashes = new Map<string, string>();
  for (const path of await filesOf(store.dir)) if (!pending.has(path)) hashes.set(path, await sha256Of(join(store.dir, path)));
  for (const [path, content] of pending) hashes.set(path, createHash('sha256').update(content).digest('hex'));
  const lines = [...hashes]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, sha256]) => `${sha256}  ${path}\n`)
    .join('');
  await store.writeFile(FILE_HASHES_PATH, lines + seal(lines));
}

function seal(lines: string): string {
  return `# the lines above: ${createHash('sha256').update(lines).digest('hex')}\n`;
}

/** How a file of a run differs from what `manifests/files.sha256` says. */
export interface ChangedFile {
  /** Relative to the run directory. */
  readonly path: string;
  readonly what: 'missing' | 'changed' | 'unreadable';
}

/**
 * Holds the files of a run against their hashes.
 * @returns `null` where there are no hashes: the run did not come to its end, or is of a version that wrote none
 * @throws SatsimError ARTIFACTS when the list itself can't be read, or has a line that is none of such a list
 */
export async function changedFiles(runDir: string): Promise<{ readonly files: number; readonly changed: readonly ChangedFile[] } | null> {
  const list = join(runDir, FILE_HASHES_PATH);
  const text = await readFile(list, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unreadable(error, list);
  });
  if (text === null) return null;
  const end = text.lastIndexOf('# ');
  if (end < 0 || !text.endsWith('\n')) throw artifactError(new Error('it is cut off'), 'read', list);
  if (text.slice(end) !== seal(text.slice(0, end))) throw artifactError(new Error('it is damaged: it is not what its last line says'), 'read', list);
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  const changed: ChangedFile[] = [];
  for (const [i, line] of lines.entries()) {
    const [, sha256, path] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    if (path === undefined) throw artifactError(new Error(`line ${i + 1} is not "<sha256>  <path>"`), 'read', list);
    const what = await sha256Of(join(runDir, path)).then(
      (now) => (now === sha256 ? null : ('changed' as const)),
      ({ cause }: Error) => ((cause as NodeJS.ErrnoException).code === 'ENOENT' ? ('missing' as const) : ('unreadable' as const)),
    );
    if (what !== null) changed.push({ path, what });
  }
  return { files: lines.length, changed };
}

/** Relative, with forward slashes, without what is only passing through. */
async function filesOf(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw unreadable(error, dir);
  });
  return entries
    .filter((entry) => entry.isFile() && !/^\..*\.tmp$/.test(entry.name))
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(dir.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => OURS.test(path) && path !== FILE_HASHES_PATH);
}

/** @throws SatsimError ARTIFACTS */
async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    throw unreadable(error, path);
  }
  return hash.digest('hex');
}
