import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory of a process and all that it has started, in MiB; `null` where there is no /proc to tell. */
export function residentMiB(pid: number): number | null {
  const kib = tree(pid).map(residentKiB);
  return kib[0] === undefined || kib[0] === null ? null : kib.reduce<number>((sum, one) => sum + (one ?? 0), 0) / 1024;
}

function tree(pid: number): number[] {
  try {
    // Any thread may have started one.
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean),
    );
    return [pid, ...children.flatMap((child) => tree(Number(child)))];
  } catch {
    // No /proc, or gone by now.
    return [pid];
  }
}

function residentKiB(pid: number): number | null {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kib === undefined ? null : Number(kib);
  } catch {
    return null;
  }
}
