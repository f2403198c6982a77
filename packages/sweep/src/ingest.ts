import { listRuns } from '@satsim/core';
import type { RunListing } from '@satsim/core';
import type { Journal } from './journal.js';
import type { PreparedCell, PreparedSweep } from './prepare-sweep.js';
import { cellTags, type RunSweepOptions, withSweepFolder } from './run-sweep.js';
import { standingOf } from './standing.js';
import { concludeSweep, type SweepResult } from './sweep-result.js';
import type { PlanCell } from './plan-cells.js';
import { cellAssignments } from './plan-cells.js';

/**
 * Takes runs of cells that were made elsewhere, as by Slurm, into the journal and the table: of each cell the last one that
 * was completed, else the last that failed. They are found by their tags.
 * @param artifactsRoot the folder that holds them
 */
export async function ingestRuns(
  sweep: PreparedSweep,
  artifactsRoot: string,
  plan: PlanCell,
  options: Pick<RunSweepOptions, 'command' | 'satsim'>,
): Promise<SweepResult> {
  return withSweepFolder(sweep, 'running', options, async (journal) => {
    const found = await runsByCell(sweep, artifactsRoot);
    const cells: PreparedCell[] = [];
    let ran = 0;
    for (const one of sweep.cells) {
      const run = found.get(one.cell.cell);
      if (run === undefined || run.runDir === one.run?.runDir) {
        cells.push(one);
        continue;
      }
      ran += 1;
      const last = await note(journal, one.cell.cell, run);
      cells.push({ ...one, ...(await standingOf(one.cell, await plan(cellAssignments(sweep.definition, one.cell)), last)) });
    }
    return concludeSweep(sweep, cells, { ran, interrupted: false });
  });
}

async function note(
  journal: Journal,
  cell: string,
  { runDir, status, reason }: RunListing,
): Promise<{ runDir: string; error: { code: string; message: string } | null }> {
  const error = status === 'failed' ? { code: 'SWEEP_FAILED', message: reason ?? 'the run failed' } : null;
  await journal.add({ event: 'ended', cell, at: new Date().toISOString(), runDir, exitCode: error === null ? 0 : 1, error });
  return { runDir, error };
}

async function runsByCell({ sweepId, cells }: PreparedSweep, artifactsRoot: string): Promise<ReadonlyMap<string, RunListing>> {
  const cellOf = new Map(cells.map(({ cell }) => [cellTags(sweepId, cell.cell)[1], cell.cell]));
  const found = new Map<string, RunListing>();
  // The newest come first.
  for (const run of await listRuns(artifactsRoot)) {
    const cell = run.tags.includes(cellTags(sweepId, '')[0]!) ? run.tags.map((tag) => cellOf.get(tag)).find((id) => id !== undefined) : undefined;
    if (cell === undefined || (run.status !== 'completed' && run.status !== 'failed')) continue;
    const before = found.get(cell);
    if (before === undefined || (before.status === 'failed' && run.status === 'completed')) found.set(cell, run);
  }
  return found;
}
