import { ERRORS } from '@satsim/core';
import type { PreparedCell, PreparedSweep } from './prepare-sweep.js';
import type { SweepState } from './sweep-folder.js';
import { flatTable, tableCell, type TableCell } from './table.js';
import { writeTables } from './table-files.js';

/** How a sweep stands when the command ends; what `satsim sweep --format json` prints. */
export interface SweepResult {
  readonly sweepId: string;
  /** Absolute. */
  readonly sweepDir: string;
  readonly state: SweepState;
  readonly parameters: readonly string[];
  /** Of all cells; `ran` in this command. */
  readonly counts: {
    readonly cells: number;
    readonly done: number;
    readonly failed: number;
    readonly running: number;
    readonly missing: number;
    readonly ran: number;
  };
  /** Those that the command line selects. */
  readonly cells: readonly TableCell[];
  /** What the command has warned of: damage to the files of the sweep, memory that was exceeded. */
  readonly warnings: readonly string[];
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string } | null;
  readonly exitCode: number;
}

export interface SweepEnd {
  readonly ran: number;
  readonly interrupted: boolean;
  readonly warnings?: readonly string[];
}

/** Writes the tables of all cells, and says how the sweep stands. */
export async function concludeSweep(sweep: PreparedSweep, cells: readonly PreparedCell[], end: SweepEnd): Promise<SweepResult> {
  const rows = cells.map(tableCell);
  await writeTables(sweep.sweepDir, { sweepId: sweep.sweepId, parameters: sweep.parameters, cells: rows }, flatTable(rows, sweep.parameters));
  const count = (standing: PreparedCell['standing']): number => cells.filter((cell) => cell.standing === standing).length;
  const counts = { cells: cells.length, done: count('done'), failed: count('failed'), running: count('running'), missing: count('missing'), ran: end.ran };
  const { sweepId, sweepDir, parameters } = sweep;
  const state = end.interrupted ? 'interrupted' : counts.failed > 0 ? 'failed' : counts.done === counts.cells ? 'completed' : 'incomplete';
  const selected = rows.filter((_, index) => cells[index]!.selected);
  const error = errorOf(selected, end);
  return {
    sweepId,
    sweepDir,
    state,
    parameters,
    counts,
    cells: selected,
    warnings: [...sweep.damage, ...(end.warnings ?? [])],
    error,
    exitCode: error === null ? 0 : ERRORS[error.code].exitCode,
  };
}

type SweepError = { readonly code: 'INTERRUPTED' | 'SWEEP_FAILED' | 'ASSERTION_FAILED'; readonly message: string; readonly hint?: string };

function errorOf(cells: readonly TableCell[], { interrupted }: SweepEnd): SweepError | null {
  const failed = cells.filter(({ status }) => status === 'failed');
  const left = cells.filter(({ status }) => status === 'missing' || status === 'running');
  const broken = cells.filter(({ exitCode }) => exitCode === ERRORS.ASSERTION_FAILED.exitCode);
  const of = `of ${cells.length} cells`;
  if (interrupted)
    return { code: 'INTERRUPTED', message: `the sweep was interrupted: ${left.length} ${of} have no result`, hint: 'The same command again goes on' };
  if (failed.length > 0) {
    return { code: 'SWEEP_FAILED', message: `${failed.length} ${of} failed; ${failed[0]!.cell}: ${failed[0]!.reason}`, hint: '--rerun failed runs them again' };
  }
  if (left.length > 0)
    return { code: 'SWEEP_FAILED', message: `${left.length} ${of} have no result; ${left[0]!.cell}: ${left[0]!.reason}`, hint: '--explain says of each why' };
  if (broken.length > 0) return { code: 'ASSERTION_FAILED', message: `assertions do not hold in ${broken.length} ${of}` };
  return null;
}
