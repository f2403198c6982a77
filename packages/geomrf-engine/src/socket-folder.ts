import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isProcessAlive, processStart } from '@satsim/core';

const NAME = /^satsim-(\d+)-(\d*)-[A-Za-z0-9]{6}$/;

/**
 * A new folder for a socket, which only this user can enter, named by this process and its start, as its number may be
 * given again: `satsim-<pid>-<start>-<random>` in the folder for temporary files. What a process that was killed had to leave
 * there is removed.
 */
export function makeSocketFolder(): string {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `satsim-${process.pid}-${processStart(process.pid) ?? ''}-`));
  chmodSync(folder, 0o700);
  return folder;
}

/**
 * Removes this user's socket folders whose process is no more. One that lives in another container and only seems dead keeps
 * its open connections.
 */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid, start] = NAME.exec(name) ?? [];
    if (pid === undefined || isProcessAlive(Number(pid), start === '' ? null : start)) continue;
    const folder = join(tmpdir(), name);
    try {
      const { uid } = lstatSync(folder);
      if (process.getuid === undefined || uid === process.getuid()) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else was faster, or may do what this process may not: it is in nobody's way.
    }
  }
}
