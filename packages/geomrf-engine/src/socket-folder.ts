import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAME = /^satsim-(\d+)-[A-Za-z0-9]{6}$/;

/**
 * A new folder for a socket, which only this user can enter, named by this process: `satsim-<pid>-<random>` in the folder
 * for temporary files. What a process that was killed had to leave there is removed.
 */
export function makeSocketFolder(): string {
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `satsim-${process.pid}-`));
  chmodSync(folder, 0o700);
  return folder;
}

/**
 * Removes this user's socket folders whose process is no more. One that lives in another container and only seems dead keeps
 * its open connections.
 */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = NAME.exec(name) ?? [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    try {
      const { uid } = lstatSync(folder);
      if (process.getuid === undefined || uid === process.getuid()) rmSync(folder, { recursive: true, force: true });
    } catch {
      // Somebody else was faster, or may do what this process may not: it is in nobody's way.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
