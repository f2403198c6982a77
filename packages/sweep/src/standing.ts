import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { readRunDir } from '@satsim/core';
import type { RunRecord } from '@satsim/core';
import type { Cell } from './cells.js';
import type { LastEntry } from './journal.js';
import { damagedFiles } from './file-checks.js';
import { differencesFrom, type PlannedCell } from './planned.js';

/**
 * `done`: a run of exactly this was completed. `failed`: its last run failed, and nothing has changed since. `running`: its run
 * goes on. `missing`: everything else.
 */
export type Standing = 'done' | 'failed' | 'running' | 'missing';

export interface CellStanding {
  readonly cell: Cell;
  readonly standing: Standing;
  /** In words. */
  readonly why: string;
  /** Its last run; `null` where that says nothing of the cell as it is now. */
  readonly run: RunRecord | null;
  /** What it was made of is different now: the run is of an earlier cell. */
  readonly changed: boolean;
}

/**
 * Where a cell stands: by its last run, as that run's own files tell.
 * @param planned what the cell is now; `null` for a run that has just been made of it
 */
export async function standingOf(cell: Cell, planned: PlannedCell | null, last: LastEntry | undefined): Promise<CellStanding> {
  const missing = (why: string, changed = false): CellStanding => ({ cell, standing: 'missing', why, run: null, changed });
  if (last === undefined) return missing('never run');
  if (last.runDir === null) return { cell, standing: 'failed', why: last.error?.message ?? 'failed', run: null, changed: false };
  const runDir = await runPlace(last.runDir, planned?.artifactsRoot ?? null);
  if (runDir === null) return missing(`its run ${last.runDir} is gone`);
  const run = await readRunDir(runDir);
  const { status, problems, reason, runId } = run;
  if (status === 'running') return { cell, standing: 'running', why: `${runId} goes on`, run, changed: false };
  if (status === 'completed' && (problems.length > 0 || run.summary === null)) return missing(`${runId} is damaged: ${problems.join('; ')}`);
  const damaged = await damagedFiles(runDir);
  if (damaged.length > 0) return missing(`${runId} is damaged: ${damaged.join(', ')} changed since`);
  if (status === 'crashed') return missing(`${runId} did not end: its process is gone, or on another machine`);
  if (status !== 'completed' && status !== 'failed')
    return missing(`${runId} was ${status === 'unreadable' ? `left ${status}: ${problems.join('; ')}` : status}`);
  const differences = planned === null ? [] : await differencesFrom(run, planned);
  if (differences === null) return missing(`${runId} is damaged: its scenario cannot be read`);
  if (differences.length > 0) return missing(differences.join('; '), true);
  // A process that loses its sweep ends its run as failed. What a run itself fails of, the sweep has noted.
  if (status === 'failed' && last.error === null) return missing(`${runId} did not end before the sweep did`);
  if (status === 'failed') return { cell, standing: 'failed', why: reason ?? last.error?.message ?? 'failed', run, changed: false };
  return { cell, standing: 'done', why: `unchanged since ${runId}`, run, changed: false };
}

/** Where a run is now: where it was, or among the other runs when all of them have been moved; `null` when it is gone. */
export async function runPlace(runDir: string, artifactsRoot: string | null): Promise<string | null> {
  const places = [runDir, ...(artifactsRoot === null ? [] : [join(resolve(artifactsRoot), basename(runDir))])];
  for (const place of places) if (await stat(place).catch(() => null)) return place;
  return null;
}
