import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
/** The process may have been given to somebody else since: no work under a lock takes so long. */
const STALE_MS = 15 * 60_000;

/**
 * Does the work while no other process holds the lock; waits as long as one does. The lock of a process that died is taken over.
 * @throws the signal's reason when it aborts while waiting
 */
export async function withLock<T>(file: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  while (!(await tryLock(file))) {
    if (await isStale(file)) await rm(file, { force: true });
    else await sleep(POLL_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
  return release(file, work);
}

/** Does the work if no other process holds the lock. @returns whether it was done */
export async function withLockIfFree(file: string, work: () => Promise<void>): Promise<boolean> {
  if (!(await tryLock(file))) return false;
  await release(file, work);
  return true;
}

async function release<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(String(process.pid));
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    await rm(file, { force: true });
    throw error;
  }
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    const age = Date.now() - mtimeMs;
    const pid = Number.parseInt(await readFile(file, 'utf8'), 10);
    // Just made, and its owner not yet in it.
    if (Number.isNaN(pid)) return age > 1_000;
    process.kill(pid, 0);
    return age > STALE_MS;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
