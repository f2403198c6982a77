import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withLockIfFree } from './file-lock.js';

const DAY_MS = 24 * 3600 * 1000;
/** A program that nobody has used for so long goes. */
const UNUSED_MS = 30 * DAY_MS;
/** So many stay whenever they were used; of more, those that no run can be about to start any more go. */
const KEPT = 20;
const SURPLUS_UNUSED_MS = 2 * DAY_MS;

const ENTRY = /^[0-9a-f]{64}$/;

/** @param work beginning of the names of folders that belong to a process; whatever is left of one is removed when that has died */
export async function pruneCache(cacheRoot: string, work: string): Promise<void> {
  const entries: { readonly name: string; readonly usedMs: number }[] = [];
  for (const name of await readdir(cacheRoot)) if (ENTRY.test(name)) entries.push({ name, usedMs: await lastUse(join(cacheRoot, name)) });
  entries.sort((a, b) => b.usedMs - a.usedMs);
  for (const [rank, { name, usedMs }] of entries.entries()) {
    const limitMs = rank < KEPT ? UNUSED_MS : SURPLUS_UNUSED_MS;
    if (Date.now() - usedMs < limitMs) continue;
    const dir = join(cacheRoot, name);
    // Whoever uses it says so under the same lock: it may have been used since.
    await withLockIfFree(`${dir}.lock`, async () => {
      if ((await lastUse(dir)) > usedMs) return;
      // Under another name first: an entry is there whole or not at all.
      const dead = join(cacheRoot, `${work}${process.pid}-${randomBytes(4).toString('hex')}`);
      await rename(dir, dead);
      await rm(dead, { recursive: true, force: true });
    });
  }
}

/** Each use sets it; 0 for what is not there any more. */
async function lastUse(dir: string): Promise<number> {
  return stat(dir).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
