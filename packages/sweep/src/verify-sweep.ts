import { changedFiles, messageOf, readRunDir, SatsimError } from '@satsim/core';
import { canonicalJson } from './canonical.js';
import { expandCells } from './cells.js';
import { hashesOf } from './file-checks.js';
import { readJournal } from './journal.js';
import { cellAssignments } from './plan-cells.js';
import { readSweepTable } from './read-table.js';
import { runPlace } from './standing.js';
import { readSweepManifest, type SweepManifest } from './sweep-folder.js';
import { type TableCell, tableCell } from './table.js';
import { TABLE_PATHS } from './table-files.js';

/** What `satsim verify` found of one sweep. */
export interface SweepVerification {
  readonly sweepId: string;
  /** Absolute. */
  readonly sweepDir: string;
  /** Nothing speaks against the sweep. */
  readonly ok: boolean;
  /** `runs` of them have one; of `sound` nothing has changed since, and they are what the table says. */
  readonly cells: { readonly all: number; readonly runs: number; readonly sound: number };
  /** Why it is not ok, in words. */
  readonly problems: readonly string[];
  /** What is not checked, and why. */
  readonly notes: readonly string[];
}

export interface VerifySweepOptions {
  /** Where runs are looked for that are not where the table says. */
  readonly artifactsRoot: string;
  /** The scenario that a run has recorded, with fields as `--set` gives them. */
  readonly recordedScenario: (runDir: string, set: readonly string[]) => Promise<unknown>;
}

/**
 * Checks a sweep: its own files by their hashes, its cells against its definition, and of each run that the table names the files, the
 * figures and that it was made with the parameters of its cell. Ticks are not computed anew.
 * @throws SatsimError ARTIFACTS when there is no sweep, or its `sweep.json` is damaged
 */
export async function verifySweep(sweepDir: string, options: VerifySweepOptions): Promise<SweepVerification> {
  const manifest = await readSweepManifest(sweepDir);
  if (manifest === null) throw new SatsimError('ARTIFACTS', `there is no sweep in ${sweepDir}`);
  const { sweepId, definition } = manifest;
  const problems = [...(await readJournal(sweepDir, manifest.journal)).damage];
  const notes: string[] = [];
  if (canonicalJson(expandCells(definition)) !== canonicalJson(manifest.cells)) problems.push('sweep.json: the cells are not those of the definition');
  const rows = await soundTable(sweepDir, manifest, problems, notes);
  const withRun = rows.filter(({ runDir }) => runDir !== null);
  let sound = 0;
  for (const row of withRun) {
    const found = await cellProblems(row, manifest, options);
    problems.push(...found.map((what) => `cell ${row.cell}: ${what}`));
    if (found.length === 0) sound += 1;
  }
  if (withRun.length < manifest.cells.length && rows.length > 0)
    notes.push(`${manifest.cells.length - withRun.length} of ${manifest.cells.length} cells have no run`);
  return { sweepId, sweepDir, ok: problems.length === 0, cells: { all: manifest.cells.length, runs: withRun.length, sound }, problems, notes };
}

/** The rows of a table that is what was written; none where it isn't. */
async function soundTable(sweepDir: string, { files, cells, endedAt }: SweepManifest, problems: string[], notes: string[]): Promise<readonly TableCell[]> {
  if (endedAt === null) {
    notes.push('the sweep did not come to its end, or goes on: its table is not checked');
    return [];
  }
  const now = await hashesOf(sweepDir, TABLE_PATHS);
  for (const path of TABLE_PATHS) {
    if (now[path] === undefined) problems.push(`${path} is missing`);
    else if (now[path] !== files[path]) problems.push(`${path} is not what was written`);
  }
  const [json] = TABLE_PATHS;
  if (now[json] === undefined || now[json] !== files[json]) return [];
  const rows = (await readSweepTable(sweepDir)).cells;
  const cellsOf = (all: readonly { cell: string; parameters: unknown; replicate: number | null }[]): string =>
    canonicalJson(all.map(({ cell, parameters, replicate }) => ({ cell, parameters, replicate })));
  if (cellsOf(rows) !== cellsOf(cells)) problems.push(`${json}: the cells are not those of sweep.json`);
  return rows;
}

async function cellProblems(
  row: TableCell,
  { definition }: SweepManifest,
  { artifactsRoot, recordedScenario }: VerifySweepOptions,
): Promise<readonly string[]> {
  const runDir = await runPlace(row.runDir!, artifactsRoot);
  if (runDir === null) return [`its run ${row.runDir} is gone`];
  try {
    const run = await readRunDir(runDir);
    const files = await changedFiles(runDir);
    const found = [...run.problems, ...(files?.changed ?? []).map(({ path, what }) => `${path} of ${run.runId} is ${what}`)];
    if (files === null && row.status === 'done') found.push(`${run.runId} has no hashes of its files`);
    if (found.length > 0 || row.status !== 'done') return found;
    const measured = tableCell({ cell: row, standing: 'done', why: '', run, changed: false });
    if (canonicalJson({ ...measured, runDir: null }) !== canonicalJson({ ...row, runDir: null }))
      found.push(`the table does not say what ${run.runId} measured`);
    const [recorded, set] = await Promise.all([recordedScenario(runDir, []), recordedScenario(runDir, cellAssignments(definition, row))]);
    if (canonicalJson(recorded) !== canonicalJson(set)) found.push(`${run.runId} was made with other parameters`);
    return found;
  } catch (error) {
    return [messageOf(error)];
  }
}
