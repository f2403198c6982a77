import { relative } from 'node:path';
import { ERRORS, processStart } from '@satsim/core';
import { CellPool } from './cell-pool.js';
import type { WorkerModule } from './cell-worker.js';
import { hashesOf } from './file-checks.js';
import { Journal, type LastEntry, readJournal } from './journal.js';
import { lockSweep } from './lock-sweep.js';
import { cellAssignments } from './plan-cells.js';
import type { PreparedCell, PreparedSweep } from './prepare-sweep.js';
import type { CellJob, CellResult } from './protocol.js';
import { type CellStanding, standingOf } from './standing.js';
import { hashDefinition, type SweepManifest, writeSweepManifest } from './sweep-folder.js';
import { tableCell, type TableCell } from './table.js';
import { cellTags, foundEntry } from './tagged-runs.js';
import { TABLE_PATHS } from './table-files.js';
import { concludeSweep, type SweepResult } from './sweep-result.js';

export interface SweepProgress {
  readonly cell: CellStanding;
  readonly table: TableCell;
  /** Of the cells that this command runs. */
  readonly ended: number;
  readonly of: number;
  /** Wall clock since the first began. */
  readonly elapsedMs: number;
}

/** The command that does something with a sweep. */
export interface SweepCommand {
  readonly command: readonly string[];
  /** Its version. */
  readonly satsim: string;
  /** Also from another machine that has the sweep. */
  readonly takeOver?: boolean;
  /** As `--plugin` names them, files and folders by absolute paths: `--resume` uses them again. */
  readonly plugins?: readonly string[];
}

export interface RunSweepOptions extends SweepCommand {
  readonly worker: WorkerModule;
  readonly jobs: number;
  readonly maxMemoryMiB: number;
  readonly failFast: boolean;
  readonly onProgress: (progress: SweepProgress) => void;
  readonly onPostponed: (cell: string, why: string) => void;
  /** Called once where a cell alone needs more memory than is allowed; it is among the warnings of the result as well. */
  readonly onExceeded: (warning: string) => void;
  /** Given what a Ctrl-C is to call: the first time, the second and the third. */
  readonly onInterrupt: (interrupt: () => void) => void;
}

/**
 * Runs the cells that are to run. Whatever ends it, each cell that has ended is known, and the rest is run by the next call.
 * @throws SatsimError RUN_STATE while another process runs this sweep, or when one has since the cells were planned; ARTIFACTS when its folder can't be written
 */
export async function runSweep(sweep: PreparedSweep, options: RunSweepOptions): Promise<SweepResult> {
  return withSweepFolder(sweep, 'running', options, async (journal) => {
    const toRun = sweep.cells.filter((cell) => cell.toRun);
    const byId = new Map<string, PreparedCell>(sweep.cells.map((one) => [one.cell.cell, one]));
    const startedAt = performance.now();
    let interrupted = false;
    let ran = 0;
    const warnings: string[] = [];

    const onEnded = async ({ cell: id }: CellJob, { runDir, exitCode, error }: CellResult): Promise<void> => {
      // A process that was ended by us says nothing of the cell.
      if (interrupted && (exitCode === ERRORS.INTERRUPTED.exitCode || runDir === null)) return;
      await journal.add({ event: 'ended', cell: id, at: new Date().toISOString(), runDir, exitCode, error });
      const before = byId.get(id)!;
      const last: LastEntry = { runDir, error };
      const after = { ...before, ...(await standingOf(before.cell, null, last)) };
      byId.set(id, after.standing === 'missing' && !interrupted ? { ...after, standing: 'failed', why: error?.message ?? after.why } : after);
      ran += 1;
      const now = byId.get(id)!;
      options.onProgress({ cell: now, table: tableCell(now), ended: ran, of: toRun.length, elapsedMs: performance.now() - startedAt });
    };
    const jobs = toRun.map(({ cell }): CellJob => ({
      cell: cell.cell,
      set: cellAssignments(sweep.definition, cell),
      tags: cellTags(sweep.sweepId, cell.cell),
    }));
    const pool = new CellPool(jobs, {
      ...options,
      onStarted: ({ cell }, runDir) => journal.add({ event: 'started', cell, at: new Date().toISOString(), runDir }),
      onEnded,
      onPostponed: ({ cell }, why) => options.onPostponed(cell, why),
      onExceeded: (needMiB) => {
        warnings.push(exceeded(needMiB, options.maxMemoryMiB));
        options.onExceeded(warnings.at(-1)!);
      },
    });
    let ended = false;
    options.onInterrupt(() => {
      // What comes after the last cell changes nothing about any of them.
      interrupted ||= !ended;
      pool.interrupt();
    });
    await pool.run();
    ended = true;
    return concludeSweep(sweep, [...byId.values()], { ran, interrupted, warnings });
  });
}

function exceeded(needMiB: number, allowedMiB: number): string {
  const [need, allowed] = [Math.ceil(needMiB), Math.floor(allowedMiB)];
  return `a cell by itself has needed ${need} MiB of the ${allowed} that are allowed: cells run one at a time and exceed it; allow ${need} by --max-memory, or make the cells smaller`;
}

/** Keeps `sweep.json` true while something is done with a sweep, and others from doing so at the same time. */
export async function withSweepFolder(
  sweep: PreparedSweep,
  during: SweepManifest['state'],
  { command, satsim, takeOver, plugins = [] }: SweepCommand,
  work: (journal: Journal) => Promise<SweepResult>,
): Promise<SweepResult> {
  const unlock = await lockSweep(sweep.sweepDir, takeOver);
  try {
    const journal = await Journal.open(sweep.sweepDir, sweep.journal);
    const { sweepId, file, definition, parameters } = sweep;
    const manifest: SweepManifest = {
      sweep: 1,
      sweepId,
      file,
      definition,
      fromHere: { file: file === null ? null : relative(sweep.sweepDir, file), scenario: relative(sweep.sweepDir, definition.scenario) },
      plugins,
      definitionSha256: hashDefinition(definition),
      parameters,
      cells: sweep.cells.map(({ cell }) => cell),
      state: during,
      command,
      pid: process.pid,
      processStart: processStart(process.pid),
      startedAt: new Date().toISOString(),
      endedAt: null,
      satsim,
      files: {},
      journal: sweep.journal,
    };
    try {
      await writeSweepManifest(sweep.sweepDir, manifest);
      for (const one of sweep.found) await journal.add(foundEntry(one));
      const result = await work(journal);
      await writeSweepManifest(sweep.sweepDir, {
        ...manifest,
        state: result.state,
        endedAt: new Date().toISOString(),
        files: await hashesOf(sweep.sweepDir, TABLE_PATHS),
        journal: (await readJournal(sweep.sweepDir)).mark,
      });
      return result;
    } finally {
      await journal.close();
    }
  } finally {
    await unlock();
  }
}
