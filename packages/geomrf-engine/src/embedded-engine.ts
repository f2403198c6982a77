import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { GeomrfError, messageOf } from '@satsim/core';
import type { EmbeddedEngine } from '@satsim/core';
import { serve } from './serve.js';
import { makeSocketFolder } from './socket-folder.js';

/** Longest path that a Unix socket may have on every platform that has them (104 bytes with the closing zero on macOS). */
const MAX_SOCKET_PATH = 103;
/** A tick leaves little behind: more room would only fill before it is cleaned, by some 50 MiB. */
const YOUNG_MIB = 32;
/** What the worker is allowed until it has closed everything. */
const STOP_LIMIT_MS = 2_000;

/**
 * Starts an engine in a worker thread, on a Unix socket in a folder of its own that only this user can enter. Whatever ends
 * it, the folder goes: `stop` (which may be called twice), a crash of the worker (calls under way then fail with
 * UNAVAILABLE), the end of this process; after a kill, the next engine that starts here.
 *
 * @param signal ends the start; a running engine is ended by `stop`
 * @throws GeomrfError GEOMRF_UNAVAILABLE
 */
export function startEmbeddedEngine(signal?: AbortSignal): Promise<EmbeddedEngine> {
  return withSocket(signal, async (target, forget) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { address: target },
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB },
    });
    // Also keeps a crash of the worker from becoming an uncaught exception here: the engine's client sees it.
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve(forget())));
    worker.on('error', () => undefined);
    let stopped: Promise<void> | null = null;
    const stop = (): Promise<void> => (stopped ??= end(worker, exited));
    try {
      await once(worker, 'message', signal === undefined ? {} : { signal });
    } catch (error) {
      await stop();
      signal?.throwIfAborted();
      throw error;
    }
    worker.unref();
    return stop;
  });
}

/**
 * Starts an engine in this very thread, on a socket as {@link startEmbeddedEngine} does: for a process that shares the
 * machine with others like it, each of which should keep one core busy and not more.
 *
 * @throws GeomrfError GEOMRF_UNAVAILABLE
 */
export function startEngineInThread(): Promise<EmbeddedEngine> {
  return withSocket(undefined, async (target, forget) => {
    const server = await serve(target, { workers: 1 });
    let stopped: Promise<void> | null = null;
    return () => (stopped ??= server.stop().then(forget));
  });
}

/** @param start gives what stops the engine; `forget` takes the socket's folder away */
async function withSocket(
  signal: AbortSignal | undefined,
  start: (target: string, forget: () => void) => Promise<() => Promise<void>>,
): Promise<EmbeddedEngine> {
  signal?.throwIfAborted();
  const folder = socketFolder();
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  const forget = (): void => {
    process.off('exit', remove);
    remove();
  };
  try {
    const path = join(folder, 'engine.sock');
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
      throw new GeomrfError('GEOMRF_UNAVAILABLE', `The engine's socket would have too long a path: ${path}`, {
        hint: 'set TMPDIR to a folder with a shorter path',
      });
    }
    const target = `unix:${path}`;
    return { target, stop: await start(target, forget) };
  } catch (error) {
    forget();
    if (signal?.aborted === true || error instanceof GeomrfError) throw error;
    throw new GeomrfError('GEOMRF_UNAVAILABLE', `The embedded engine did not start: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/**
 * Asks the worker to close its connections first: a thread that is terminated while HTTP/2 frames come in can take the whole
 * process with it (an assertion in Node's http2). One that is too busy to listen has no connection that reads.
 */
async function end(worker: Worker, exited: Promise<void>): Promise<void> {
  worker.postMessage('stop');
  const timer = setTimeout(() => void worker.terminate(), STOP_LIMIT_MS);
  await exited;
  clearTimeout(timer);
}

function socketFolder(): string {
  try {
    return makeSocketFolder();
  } catch (error) {
    throw new GeomrfError('GEOMRF_UNAVAILABLE', `The embedded engine has no place for its socket: ${messageOf(error)}`, {
      cause: error,
      hint: 'set TMPDIR to a folder that can be written to',
    });
  }
}
