import type { PlanCell } from './plan-cells.js';
import { cellAssignments } from './plan-cells.js';
import type { PreparedCell, PreparedSweep } from './prepare-sweep.js';
import { type SweepCommand, withSweepFolder } from './run-sweep.js';
import { concludeSweep, type SweepResult } from './sweep-result.js';
import { bestOf, foundEntry, taggedRuns } from './tagged-runs.js';

/**
 * Takes runs of cells that were made elsewhere, as by Slurm, into the journal and the table: of each cell that is not done the newest
 * run that is its result, else the newest that failed, else the newest, which is no result. They are found by their tags.
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
      // What is noted already is not noted again, and what is no result undoes no failure.
      const same = best?.run?.runDir === one.run?.runDir && best?.why === one.why;
      if (!best || same || (best.standing === 'missing' && one.standing !== 'missing')) {
        cells.push(one);
        continue;
      }
      if (best.standing === 'done' || best.standing === 'failed') ran += 1;
      await journal.add(foundEntry(best));
      cells.push({ ...one, ...best });
    }
    return concludeSweep(sweep, cells, { ran, interrupted: false });
  });
}
