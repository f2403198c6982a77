import type { PlanCell } from './plan-cells.js';
import { cellAssignments } from './plan-cells.js';
import type { PreparedCell, PreparedSweep } from './prepare-sweep.js';
import { type SweepCommand, withSweepFolder } from './run-sweep.js';
import { concludeSweep, type SweepResult } from './sweep-result.js';
import { bestOf, endedEntry, taggedRuns } from './tagged-runs.js';

/**
 * Takes runs of cells that were made elsewhere, as by Slurm, into the journal and the table: of each cell that is not done the newest
 * run that is its result, else the newest that failed. They are found by their tags.
 * @param artifactsRoot the folder that holds them
 */
export async function ingestRuns(sweep: PreparedSweep, artifactsRoot: string, plan: PlanCell, options: SweepCommand): Promise<SweepResult> {
  return withSweepFolder(sweep, 'running', options, async (journal) => {
    const found = await taggedRuns(sweep.sweepId, artifactsRoot);
    const cells: PreparedCell[] = [];
    let ran = 0;
    for (const one of sweep.cells) {
      const runs = one.standing === 'done' ? undefined : found.get(one.cell.cell);
      const best = runs && (await bestOf(one.cell, await plan(cellAssignments(sweep.definition, one.cell)), runs));
      // What is noted already is not noted again.
      if (!best || best.run?.runDir === one.run?.runDir) {
        cells.push(one);
        continue;
      }
      ran += 1;
      await journal.add(endedEntry(best));
      cells.push({ ...one, ...best });
    }
    return concludeSweep(sweep, cells, { ran, interrupted: false });
  });
}
