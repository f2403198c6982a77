import { listRuns } from '@satsim/core';
import type { RunListing } from '@satsim/core';
import type { Cell } from './cells.js';
import type { JournalEntry } from './journal.js';
import type { PlannedCell } from './planned.js';
import { type CellStanding, standingOf } from './standing.js';

const CELL = 'cell:';

/** Where a cell stands by a run that was found by its tags. */
export interface FoundStanding extends CellStanding {
  /** Absolute. */
  readonly runDir: string;
}

/** Labels of the runs of a cell, by which they are found again wherever they were made. */
export function cellTags(sweepId: string, cell: string): readonly string[] {
  return [`sweep:${sweepId}`, `${CELL}${cell}`];
}

/** Runs of a sweep by the id of their cell; the newest come first. */
export async function taggedRuns(sweepId: string, artifactsRoot: string): Promise<ReadonlyMap<string, readonly RunListing[]>> {
  const [ofSweep] = cellTags(sweepId, '');
  const found = new Map<string, RunListing[]>();
  for (const run of await listRuns(artifactsRoot)) {
    if (!run.tags.includes(ofSweep!)) continue;
    const cell = run.tags.find((tag) => tag.startsWith(CELL))?.slice(CELL.length);
    if (cell !== undefined) found.set(cell, [...(found.get(cell) ?? []), run]);
  }
  return found;
}

/**
 * The first of the runs that is the result of this cell as it is planned, else the first that failed of it or goes on, else what
 * became of the first; `null` when there is none.
 */
export async function bestOf(cell: Cell, planned: PlannedCell, runs: readonly RunListing[]): Promise<FoundStanding | null> {
  let best: FoundStanding | null = null;
  for (const { runDir, status, reason } of runs) {
    const error = status === 'failed' ? { code: 'SWEEP_FAILED', message: reason ?? 'the run failed' } : null;
    const found = { ...(await standingOf(cell, planned, { runDir, error })), runDir };
    if (found.standing === 'done') return found;
    if (best === null || (best.standing === 'missing' && found.standing !== 'missing')) best = found;
  }
  return best;
}

/** What the journal is to say of a run that was found. */
export function foundEntry({ cell: { cell }, standing, why, run, runDir }: FoundStanding): JournalEntry {
  const at = new Date().toISOString();
  if (standing !== 'done' && standing !== 'failed') return { event: 'started', cell, at, runDir };
  const error = standing === 'failed' ? { code: 'SWEEP_FAILED', message: why } : null;
  return { event: 'ended', cell, at, runDir, exitCode: run?.summary?.exitCode ?? (error === null ? 0 : 1), error };
}
