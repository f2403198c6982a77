import { listRuns } from '@satsim/core';
import type { RunListing } from '@satsim/core';
import type { Cell } from './cells.js';
import type { JournalEntry } from './journal.js';
import type { PlannedCell } from './planned.js';
import { type CellStanding, standingOf } from './standing.js';

const CELL = 'cell:';

/** Labels of the runs of a cell, by which they are found again wherever they were made. */
export function cellTags(sweepId: string, cell: string): readonly string[] {
  return [`sweep:${sweepId}`, `${CELL}${cell}`];
}

/** Runs of a sweep that have ended, by the id of their cell; the newest come first. */
export async function taggedRuns(sweepId: string, artifactsRoot: string): Promise<ReadonlyMap<string, readonly RunListing[]>> {
  const [ofSweep] = cellTags(sweepId, '');
  const found = new Map<string, RunListing[]>();
  for (const run of await listRuns(artifactsRoot)) {
    if (!run.tags.includes(ofSweep!) || (run.status !== 'completed' && run.status !== 'failed')) continue;
    const cell = run.tags.find((tag) => tag.startsWith(CELL))?.slice(CELL.length);
    if (cell !== undefined) found.set(cell, [...(found.get(cell) ?? []), run]);
  }
  return found;
}

/** The first of the runs that is the result of this cell as it is planned, else the first that failed of it; `null` when none is of it. */
export async function bestOf(cell: Cell, planned: PlannedCell, runs: readonly RunListing[]): Promise<CellStanding | null> {
  let failed: CellStanding | null = null;
  for (const { runDir, status, reason } of runs) {
    const error = status === 'failed' ? { code: 'SWEEP_FAILED', message: reason ?? 'the run failed' } : null;
    const standing = await standingOf(cell, planned, { runDir, error });
    if (standing.standing === 'done') return standing;
    if (standing.standing === 'failed') failed ??= standing;
  }
  return failed;
}

/** What the journal is to say of a run that was found. */
export function endedEntry({ cell, standing, why, run }: CellStanding): JournalEntry {
  const error = standing === 'failed' ? { code: 'SWEEP_FAILED', message: why } : null;
  const runDir = run?.runDir ?? null;
  return { event: 'ended', cell: cell.cell, at: new Date().toISOString(), runDir, exitCode: run?.summary?.exitCode ?? (error === null ? 0 : 1), error };
}
