import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since the machine did, so that a process id that has been given again is not
 * taken for the process that had it before. `null` where there is no /proc, and when there is no such process.
 */
export function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 22 of proc_pid_stat(5); field 2 is the name of the program, in parentheses, and may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether the process is there and, where that can be told, the one that started then. */
export function isProcessAlive(pid: number, started: string | null | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = processStart(pid);
  return now === null || now === (started ?? now);
}
