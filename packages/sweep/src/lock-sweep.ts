import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive, openArtifactArea, processStart, SatsimError } from '@satsim/core';
import { artifactError } from '@satsim/core/records';
import { CHOSEN_BY } from './chosen-by.js';

const LOCK_PATH = 'lock.json';

/** The process that has a sweep, and the machine that it is on: folders may be shared. */
interface Owner {
  readonly host: string;
  /** Of the time that the machine has been on; `null` where there is no /proc. */
  readonly boot: string | null;
  readonly pid: number;
  readonly processStart: string | null;
}

/**
 * Makes the folder this process's own until what is returned is called; a process of this machine that is gone has lost it.
 * @param takeOver also from another machine, where nobody can tell from here whether its process is gone
 * @throws SatsimError RUN_STATE while another process has it, ARTIFACTS when the folder can't be written
 */
export async function lockSweep(sweepDir: string, takeOver = false): Promise<() => Promise<void>> {
  await openArtifactArea(sweepDir, CHOSEN_BY);
  const path = join(sweepDir, LOCK_PATH);
  const mine = `${path}.${randomBytes(4).toString('hex')}`;
  const me: Owner = { host: hostname(), boot: await bootId(), pid: process.pid, processStart: processStart(process.pid) };
  try {
    await writeFile(mine, JSON.stringify(me));
    // A link is there whole or not at all, and only once.
    while (!(await made(link(mine, path)))) {
      const owner = await ownerOf(path);
      if (owner !== null) refuse(sweepDir, owner, me, takeOver);
      await removeStale(path, `${mine}.stale`, owner);
    }
  } catch (error) {
    throw error instanceof SatsimError ? error : artifactError(error, 'write', path, CHOSEN_BY);
  } finally {
    await rm(mine, { force: true });
  }
  return async () => {
    // Another machine may have taken it over.
    if (same(await ownerOf(path), me)) await rm(path, { force: true });
  };
}

function refuse(sweepDir: string, owner: Owner, me: Owner, takeOver: boolean): void {
  if (owner.host !== me.host) {
    if (takeOver) return;
    throw new SatsimError('RUN_STATE', `the sweep in ${sweepDir} is in the hands of process ${owner.pid} on ${owner.host}`, {
      hint: 'wait for its end; where you know that it is gone, --take-over goes on without it',
    });
  }
  const sameBoot = owner.boot === me.boot || owner.boot === null || me.boot === null;
  if (!sameBoot || !isProcessAlive(owner.pid, owner.processStart)) return;
  throw new SatsimError('RUN_STATE', `the sweep in ${sweepDir} goes on in process ${owner.pid}`, { hint: 'wait for its end, or end it' });
}

/** What cannot be read is nobody's. */
async function ownerOf(path: string): Promise<Owner | null> {
  try {
    const owner = JSON.parse(await readFile(path, 'utf8')) as Partial<Owner> & Pick<Owner, 'pid' | 'processStart'>;
    // Those of 1.0 do not say where.
    return { host: hostname(), boot: null, ...owner };
  } catch {
    return null;
  }
}

async function bootId(): Promise<string | null> {
  return readFile('/proc/sys/kernel/random/boot_id', 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

function same(one: Owner | null, other: Owner | null): boolean {
  return one?.host === other?.host && one?.pid === other?.pid && one?.processStart === other?.processStart;
}

/** Another process may have done so just now, and made its own: what was taken by mistake is put back. */
async function removeStale(path: string, aside: string, owner: Owner | null): Promise<void> {
  if (!(await made(rename(path, aside)))) return;
  if (!same(await ownerOf(aside), owner)) await made(link(aside, path));
  await rm(aside, { force: true });
}

/** False when something is there already, or is not there. */
async function made(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
