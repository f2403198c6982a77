import type { ProcessResult } from '@satsim/core';

/** How a simulation said that it ended. */
export interface FinalEvent {
  readonly event: number;
  readonly tS: number;
}

const LIMIT_REACHED = /^<!> Simulation time limit reached -- at t=([\d.e+-]+)s, event #(\d+)/;
const FINGERPRINT = /^<!> Fingerprint (?:mismatch! calculated|successfully verified): (\S+?),?(?:\s|$)/;
/** The last line about the end: any `<!>` that is not of the fingerprint. */
const END = /^<!> (?!Fingerprint)(.*)$/;
const SAME_TIME_S = 1e-6;

/** Where it ended, when that was the limit of simulated time; `null` after any other end. */
export function finalEvent(lines: readonly string[]): FinalEvent | null {
  const [, t, event] = LIMIT_REACHED.exec(lines.findLast((line) => LIMIT_REACHED.test(line)) ?? '') ?? [];
  return t === undefined || event === undefined ? null : { tS: Number(t), event: Number(event) };
}

/** What OMNeT++ calculated from all events; `null` when it was not asked to. */
export function fingerprint(lines: readonly string[]): string | null {
  return FINGERPRINT.exec(lines.findLast((line) => FINGERPRINT.test(line)) ?? '')?.[1] ?? null;
}

/**
 * Why the end was no success; `null` when it was one. Exit code 0 alone says little: OMNeT++ has it also when its limit of CPU or
 * elapsed time ended the simulation before its time.
 */
export function judge({ exitCode }: Pick<ProcessResult, 'exitCode'>, lines: readonly string[], endS: number): string | null {
  if (exitCode === 1) return 'it stopped with an error (exit code 1)';
  if (exitCode === 2) return 'it was interrupted (exit code 2)';
  if (exitCode === 134) return 'it aborted (exit code 134)';
  if (exitCode !== 0) return `exit code ${exitCode}`;
  const end = finalEvent(lines);
  if (end === null) {
    const said = END.exec(lines.findLast((line) => END.test(line)) ?? '')?.[1];
    return `it ended before its time, ${endS} s, though with exit code 0: ${said ?? 'it does not say why'}`;
  }
  return Math.abs(end.tS - endS) <= SAME_TIME_S ? null : `it ended at ${end.tS} s, not at ${endS} s`;
}
