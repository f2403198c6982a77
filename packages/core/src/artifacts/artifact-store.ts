import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { ArtifactArea } from '../contract/services.js';
import { SatsimError } from '../errors.js';
import { ARTIFACTS_ROOT, artifactError } from './artifact-error.js';
import { FileStream } from './artifact-stream.js';

const FOLDERS = ['manifests', 'manifests/elements', 'logs', 'traces', 'results', 'metrics', 'lanes'];

/** `YYYYMMDDTHHMMSSZ-<name>-<4 random>`: sorts by time, can be told apart within a second. */
export function makeRunId(name: string, now: Date): string {
  const stamp = now.toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `${stamp}-${name}-${randomBytes(2).toString('hex')}`;
}

/**
 * A folder for what is no run but kept as runs are: files written atomically, below it and nowhere else. Made, with the
 * folders above it, if it isn't there.
 * @param chosenBy the option or field that decides where it is, for what errors tell to do; `null` where nobody can choose
 * @throws SatsimError ARTIFACTS
 */
export function openArtifactArea(dir: string, chosenBy: string | null = null): Promise<ArtifactArea> {
  return ArtifactStore.open(resolve(dir), chosenBy);
}

/** Writes below one folder, and nowhere else. */
export class ArtifactStore implements ArtifactArea {
  readonly dir: string;
  readonly #chosenBy: string | null;

  private constructor(dir: string, chosenBy: string | null) {
    this.dir = dir;
    this.#chosenBy = chosenBy;
  }

  /**
   * Makes the run directory with its folders.
   * @param chosenBy the field or option that decides where it is
   * @throws SatsimError ARTIFACTS
   */
  static async createRun(artifactsRoot: string, runId: string, chosenBy = ARTIFACTS_ROOT): Promise<ArtifactStore> {
    const dir = join(resolve(artifactsRoot), runId);
    try {
      await makeFolders(dirname(dir));
      // Not recursive: it must not be there yet.
      await mkdir(dir);
      for (const folder of FOLDERS) await mkdir(join(dir, folder));
    } catch (error) {
      throw artifactError(error, 'make the run directory', dir, chosenBy);
    }
    return new ArtifactStore(dir, chosenBy);
  }

  /** @param dir absolute; made if it isn't there */
  static async open(dir: string, chosenBy: string | null): Promise<ArtifactStore> {
    await makeFolder(dir, chosenBy);
    return new ArtifactStore(dir, chosenBy);
  }

  /** A folder of this one with the same promises; made if it isn't there. */
  async area(path: string): Promise<ArtifactStore> {
    return ArtifactStore.open(this.path(path), this.#chosenBy);
  }

  /** @throws SatsimError ARTIFACTS when the path leaves the folder */
  path(path: string): string {
    const full = resolve(this.dir, path);
    const inside = relative(this.dir, full);
    if (isAbsolute(path) || inside === '' || inside === '..' || inside.startsWith('../') || inside.startsWith('..\\') || isAbsolute(inside)) {
      throw new SatsimError('ARTIFACTS', `${path} does not lie in ${this.dir}`, { hint: 'artifacts are named by paths relative to their own folder' });
    }
    return full;
  }

  async writeFile(path: string, content: string | Uint8Array): Promise<void> {
    const full = this.path(path);
    await makeFolder(dirname(full), this.#chosenBy);
    const temporary = temporaryFor(full);
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, full);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => {});
      throw artifactError(error, 'write', full, this.#chosenBy);
    }
  }

  /** For a process that is about to exit: atomic as well, but without waiting for anything. */
  writeFileNow(path: string, content: string): void {
    const full = this.path(path);
    const temporary = temporaryFor(full);
    try {
      writeFileSync(temporary, content, { flag: 'wx' });
      renameSync(temporary, full);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw artifactError(error, 'write', full, this.#chosenBy);
    }
  }

  /** Nothing happens when it isn't there. */
  async remove(path: string): Promise<void> {
    const full = this.path(path);
    await rm(full, { force: true, recursive: true }).catch((error: unknown) => {
      throw artifactError(error, 'remove', full, this.#chosenBy);
    });
  }

  /** The folder itself, as far as that is possible: for a run that could not even begin. */
  async removeAll(): Promise<void> {
    await rm(this.dir, { force: true, recursive: true }).catch(() => {});
  }

  async openStream(path: string): Promise<FileStream> {
    const full = this.path(path);
    await makeFolder(dirname(full), this.#chosenBy);
    return FileStream.open(full, this.#chosenBy);
  }
}

function temporaryFor(file: string): string {
  return join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}.tmp`);
}

async function makeFolder(dir: string, chosenBy: string | null): Promise<void> {
  try {
    await makeFolders(dir);
  } catch (error) {
    throw artifactError(error, 'make the folder', dir, chosenBy);
  }
}

/**
 * With all folders above it. Not `mkdir`'s own `recursive`, which says ENOENT on a read-only file system and never comes
 * back below /proc (seen with Node 24).
 */
async function makeFolders(dir: string): Promise<void> {
  try {
    await mkdirOnce(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(dir) === dir) throw error;
    await makeFolders(dirname(dir));
    await mkdirOnce(dir);
  }
}

/** No error when the folder is there. */
async function mkdirOnce(dir: string): Promise<void> {
  try {
    await mkdir(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || !(await stat(dir)).isDirectory()) throw error;
  }
}
