import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';

/**
 * Imports a module so that whatever it does while it is loaded comes back as an error: it throws, loops, never settles,
 * or ends the process.
 *
 * Why not in a worker thread first, which could simply be ended: that costs 170 ms a plugin (it loads core and zod once
 * more; measured), and runs the plugin twice. This costs less than 1 ms:
 * - `require` of an ES module (Node ≥ 22.13) evaluates it synchronously, and so `vm` can stop it when it loops;
 * - a module with `await` at its top level can't be required; it is imported with a timer. A loop after its first `await`
 *   is the one thing that is not stopped;
 * - what ends the process throws instead, as long as the call comes from the import (an `AsyncLocalStorage` tells it from
 *   a signal handler of ours). What the plugin leaves for later, in a timer, is no longer its import.
 * @returns the module's namespace, or `module.exports` of a CommonJS module
 */
export function containedImport(path: string, timeoutMs: number): Promise<unknown> {
  // One at a time: they share the process that is guarded.
  const result = lastImport.then(() => importGuarded(path, timeoutMs));
  lastImport = result.catch(() => {});
  return result;
}

let lastImport: Promise<unknown> = Promise.resolve();

/** What the module under import tried to do to the process. */
const importing = new AsyncLocalStorage<string[]>();

async function importGuarded(path: string, timeoutMs: number): Promise<unknown> {
  const attempts: string[] = [];
  const { exitCode } = process;
  const release = guardProcess();
  try {
    const module = await importing.run(attempts, () => importTimed(path, timeoutMs));
    // It may have swallowed our error; it must not be used all the same.
    if (attempts.length > 0) throw new Error(endsProcess(attempts[0]!));
    return module;
  } finally {
    release();
    process.exitCode = exitCode;
  }
}

async function importTimed(path: string, timeoutMs: number): Promise<unknown> {
  try {
    return requireTimed(path, timeoutMs);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new Error(`not loaded after ${timeoutMs / 1000} s; does it loop at its top level?`, { cause: error });
    // Top-level await, or a dependency that somebody is importing right now.
    if (!code.startsWith('ERR_REQUIRE_')) throw error;
  }
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not loaded after ${timeoutMs / 1000} s; does it wait for something at its top level?`)), timeoutMs);
  try {
    return await Promise.race([import(pathToFileURL(path).href), late]);
  } finally {
    clearTimeout(timer);
  }
}

const require = createRequire(import.meta.url);
const TASK = Symbol.for('satsim.import');
const runTask = new Script("globalThis[Symbol.for('satsim.import')]()");

function requireTimed(path: string, timeoutMs: number): unknown {
  const shared = globalThis as Record<symbol, unknown>;
  shared[TASK] = () => require(path) as unknown;
  try {
    return runTask.runInThisContext({ timeout: timeoutMs });
  } finally {
    delete shared[TASK];
  }
}

/** @returns puts everything back */
function guardProcess(): () => void {
  // oxlint-disable-next-line typescript/unbound-method -- they are called on `process`, and put back as they were
  const { exit, abort, kill } = process;
  const refuse = (call: string): never => {
    importing.getStore()!.push(call);
    throw new Error(endsProcess(call));
  };
  const isPlugin = (): boolean => importing.getStore() !== undefined;
  process.exit = (code) => (isPlugin() ? refuse(`process.exit(${code ?? ''})`) : exit.call(process, code));
  process.abort = () => (isPlugin() ? refuse('process.abort()') : abort.call(process));
  process.kill = (pid, signal) => {
    const isOwn = pid === process.pid || pid <= 0;
    return isPlugin() && isOwn && signal !== 0 ? refuse(`process.kill(${pid})`) : kill.call(process, pid, signal);
  };
  // Else `import { exit } from 'node:process'` would still be the real one.
  syncBuiltinESMExports();
  return () => {
    Object.assign(process, { exit, abort, kill });
    syncBuiltinESMExports();
  };
}

const endsProcess = (call: string): string => `it calls ${call} while it is loaded`;

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
