import { readFileSync } from 'node:fs';

/**
 * When a process started, in clock ticks since the machine did, so that a process id that has been given again is not
 * taken for the process that had it before. `null` where there is no /proc, and when there is no such process.
 */
export function processStart(pid: number): string | null {
  return statOf(pid)?.start ?? null;
}

/**
 * Whether the process is there and, where that can be told, the one that started then. One that has ended is not, even while nobody
 * has asked for its exit code: where process 1 asks for none (containers), its number stays for good.
 */
export function isProcessAlive(pid: number, started: string | null | undefined): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const now = statOf(pid);
  return now === null || (!ENDED.has(now.state) && now.start === (started ?? now.start));
}

/** Zombie and dead. */
const ENDED: ReadonlySet<string | undefined> = new Set(['Z', 'X']);

/** Of proc_pid_stat(5). */
function statOf(pid: number): { readonly state: string | undefined; readonly start: string | undefined } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Field 2 is the name of the program, in parentheses, and may hold anything; after it come 3, the state, and 22, the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    return null;
  }
}
