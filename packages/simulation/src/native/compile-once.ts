import { createHash, randomBytes } from 'node:crypto';
import { copyFile, cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LaneError, type Logger, messageOf, type ProcessRunner } from '@satsim/core';
import { BuildLog } from './build-log.js';
import { withLock } from './file-lock.js';
import { pruneCache } from './prune-cache.js';
import { sourceFiles } from './source-files.js';

/** A program that comes as source and is compiled on the machine where it runs. */
export interface NativeProgram {
  /** The lane's name, for errors and for people. */
  readonly lane: string;
  /** Folder of its sources, with all below but what {@link sourceFiles} leaves out. */
  readonly sources: string;
  /** Folders below it that are no sources either. */
  readonly leaveOut?: readonly string[];
  /** All else that the result depends on: versions of compiler and libraries. */
  readonly key: readonly string[];
  /** Compiles in `dir`, which holds a copy of the sources and whose path has no space in it. */
  readonly build: (dir: string, tools: BuildLog) => Promise<void>;
}

export interface CompiledProgram {
  /** Folder of the result; nothing in it may be changed. */
  readonly dir: string;
  /** SHA-256 over the sources and the key. */
  readonly key: string;
  /** Milliseconds that compiling took; `null` when it was done before. */
  readonly buildMs: number | null;
}

export interface CompileServices {
  readonly processes: ProcessRunner;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Where compiled programs are kept; by default `satsim/native` in the user's cache folder. */
  readonly cacheRoot?: string;
}

/** `$XDG_CACHE_HOME/satsim/native`, else below `~/.cache`. */
export function nativeCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'satsim', 'native');
}

/**
 * Compiles a program, or finds it compiled: by sources and key. The result appears whole or not at all; of several who want
 * the same one at the same time one compiles and the others wait. What the tools said is in `build.log` beside it.
 *
 * @throws LaneError with file and line of the first thing that the compiler complains about; the signal's reason when aborted
 */
export async function compileOnce(program: NativeProgram, services: CompileServices): Promise<CompiledProgram> {
  const { lane } = program;
  const { logger, signal, cacheRoot = nativeCache() } = services;
  const files = await sourceFiles(program.sources, program.leaveOut);
  const key = await keyOf(program, files);
  const dir = join(cacheRoot, key);
  try {
    await mkdir(cacheRoot, { recursive: true });
    return await withLock(`${dir}.lock`, signal, async () => {
      if (await markUsed(dir)) return { dir, key, buildMs: null };
      logger.info(
        { sources: program.sources, cache: dir },
        `compiling the ${lane} program: once for each version of satsim and of its tools, about 10 to 30 s`,
      );
      const started = performance.now();
      await build(program, files, dir, services);
      const buildMs = Math.round(performance.now() - started);
      await pruneCache(cacheRoot, PREFIX).catch((error: unknown) => logger.debug({ err: error }, 'compiled programs that nobody uses stay'));
      logger.info({ buildMs }, `compiled the ${lane} program in ${(buildMs / 1000).toFixed(1)} s`);
      return { dir, key, buildMs };
    });
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof LaneError) throw error;
    // A cache that can only be read, or a disk without room for a lock, does for what is there.
    if (await isThere(dir)) return { dir, key, buildMs: null };
    throw new LaneError(lane, `cannot keep the compiled ${lane} program in ${cacheRoot}: ${messageOf(error)}`, {
      cause: error,
      hint: 'free some space, or choose another folder with XDG_CACHE_HOME',
    });
  }
}

/** Under the lock: whoever prunes the cache heeds it. @returns whether the program is there */
async function markUsed(dir: string): Promise<boolean> {
  const now = new Date();
  return utimes(dir, now, now).then(
    () => true,
    // Not there, or somebody else's.
    () => isThere(dir),
  );
}

async function build(program: NativeProgram, files: readonly string[], target: string, services: CompileServices): Promise<void> {
  const { cacheRoot = nativeCache() } = services;
  // Makefiles break on spaces.
  const place = /\s/.test(cacheRoot) ? (/\s/.test(tmpdir()) ? '/tmp' : tmpdir()) : cacheRoot;
  await removeDead(place);
  const work = join(place, `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`);
  const log = new BuildLog(program.lane, work, services);
  try {
    await mkdir(work);
    for (const file of files) {
      await mkdir(dirname(join(work, file)), { recursive: true });
      await copyFile(join(program.sources, file), join(work, file));
    }
    await program.build(work, log);
    await log.save();
    await moveTo(work, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const PREFIX = '.satsim-build-';

/** What builds left that were killed. */
async function removeDead(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (!Number.isNaN(pid) && !isAlive(pid)) await rm(join(place, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function moveTo(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    // Another file system: copied to beside its place first, so that it appears whole there too.
    const near = join(dirname(to), `${PREFIX}${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      await cp(from, near, { recursive: true });
      await rename(near, to);
    } finally {
      await rm(near, { recursive: true, force: true });
    }
  }
}

async function keyOf({ lane, sources, key }: NativeProgram, files: readonly string[]): Promise<string> {
  const sum = createHash('sha256').update(JSON.stringify([lane, key]));
  for (const file of files) {
    const content = await readFile(join(sources, file));
    sum.update(`\n${JSON.stringify([file, content.length])}\n`).update(content);
  }
  return sum.digest('hex');
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
