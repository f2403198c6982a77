import { readFileSync, readlinkSync } from 'node:fs';

/** A process, told from others that get its number later. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from the machine's start to the process's (field 22 of /proc/PID/stat). */
  readonly startTicks: number;
}

/** `null` when there is no such process, or it has ended and nobody has waited for it. */
export function identify(pid: number): ProcessIdentity | null {
  try {
    // The name in parentheses may hold anything; what follows is counted from behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? null : { pid, startTicks: Number(fields[19]) };
  } catch {
    return null;
  }
}

export function isAlive({ pid, startTicks }: ProcessIdentity): boolean {
  return identify(pid)?.startTicks === startTicks;
}

/** The network namespace of a process, as `net:[4026531833]`; `null` when it has none to be seen. */
export function networkNamespace(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return null;
  }
}

/**
 * Environment by which a run knows its own: programs inherit it from those that start them, so that what outlives its parent
 * is found.
 */
export const markOf = (runId: string): Readonly<Record<string, string>> => ({ SATSIM_RUN_ID: runId });
