import { join } from 'node:path';
import { messageOf, SatsimError } from '@satsim/core';
import type { RunListing } from '@satsim/core';
import { type Cell, expandCells, parameterPaths } from './cells.js';
import type { Matcher, SweepDefinition } from './definition.js';
import { hashesOf } from './file-checks.js';
import { type JournalMark, readJournal } from './journal.js';
import { type LoadedSweep, unknownNames } from './load-sweep.js';
import { CELL_FIELDS, selects } from './matchers.js';
import { type PlanCell, planCells } from './plan-cells.js';
import { type CellStanding, standingOf } from './standing.js';
import { readSweepManifest, type SweepManifest, sweepDirOf } from './sweep-folder.js';
import { bestOf, type FoundStanding, taggedRuns } from './tagged-runs.js';

/** Which cells are to run: those without a result, those that failed, or all. */
export type Rerun = 'missing' | 'failed' | 'all';

export interface SweepChoice {
  readonly sweepsRoot: string;
  /** Only these cells, this time: all values must fit. */
  readonly include: Matcher;
  /** Not these, this time: no value may fit. */
  readonly exclude: Matcher;
  readonly rerun: Rerun;
}

export interface PreparedCell extends CellStanding {
  /** By `include` and `exclude` of the command line. */
  readonly selected: boolean;
  readonly toRun: boolean;
}

/** A sweep whose cells are all planned, and held against what has been run already. */
export interface PreparedSweep {
  readonly sweepId: string;
  readonly sweepDir: string;
  readonly file: string | null;
  readonly definition: SweepDefinition;
  readonly parameters: readonly string[];
  readonly cells: readonly PreparedCell[];
  /** Where the runs are, the first one's. */
  readonly artifactsRoot: string;
  /** A lane of some cell emulates by the wall clock. */
  readonly emulates: boolean;
  /** Of the journal and the tables, in words. */
  readonly damage: readonly string[];
  /** How far the journal had come when the cells were planned. */
  readonly journal: JournalMark;
  /** Results that a damaged journal does not name, found by the tags of runs: it is to name them again. */
  readonly found: readonly FoundStanding[];
}

/**
 * Plans every cell and looks what has been run. Writes nothing and starts nothing.
 * @throws ScenarioError with all faults of all cells
 * @throws SatsimError USAGE when no cell is left, or a matcher names what is no parameter; ARTIFACTS when the journal cannot be read
 */
export async function prepareSweep(
  { definition, file, locate }: LoadedSweep,
  choice: SweepChoice,
  plan: PlanCell,
  signal: AbortSignal,
): Promise<PreparedSweep> {
  const parameters = parameterPaths(definition);
  const cells = expandCells(definition);
  if (cells.length === 0) throw new SatsimError('USAGE', `sweep ${definition.name} has no cell`, { hint: '`include` and `exclude` of its file leave none' });
  checkMatchers(choice, parameters);
  const sweepDir = sweepDirOf(choice.sweepsRoot, definition.name);
  const damage: string[] = [];
  const manifest = await readSweepManifest(sweepDir).catch((error: unknown) => {
    damage.push(`${messageOf(error)}; it is written anew`);
    return null;
  });
  const journal = await readJournal(sweepDir, manifest?.journal);
  damage.push(...journal.damage, ...(await changedTables(sweepDir, manifest)));
  let artifactsRoot = '';
  let emulates = false;
  let tagged: ReadonlyMap<string, readonly RunListing[]> | null = null;
  const found: FoundStanding[] = [];
  const prepared = await planCells(
    definition,
    cells,
    locate,
    plan,
    async (cell, planned) => {
      artifactsRoot ||= planned.artifactsRoot;
      emulates ||= planned.emulates;
      const standing = await standingOf(cell, planned, journal.last.get(cell.cell));
      if (journal.damage.length === 0 || standing.standing === 'done') return chosen(standing, choice);
      tagged ??= await taggedRuns(definition.name, artifactsRoot);
      const best = await bestOf(cell, planned, tagged.get(cell.cell) ?? []);
      if (best?.standing !== 'done') return chosen(standing, choice);
      found.push(best);
      return chosen(best, choice);
    },
    signal,
  );
  if (!prepared.some(({ selected }) => selected)) throw new SatsimError('USAGE', `none of ${cells.length} cells is left by --include and --exclude`);
  return {
    sweepId: definition.name,
    sweepDir,
    file,
    definition,
    parameters,
    cells: prepared,
    artifactsRoot,
    emulates,
    damage,
    journal: journal.mark,
    found,
  };
}

/** A table that somebody has changed, or the disk: it is written anew, from the runs. */
async function changedTables(sweepDir: string, manifest: SweepManifest | null): Promise<readonly string[]> {
  const { files = {} } = manifest ?? {};
  const now = await hashesOf(sweepDir, Object.keys(files));
  return Object.keys(files).flatMap((path) => (now[path] === files[path] ? [] : [`${join(sweepDir, path)} is not what was written; it is written anew`]));
}

function chosen(standing: CellStanding, { include, exclude, rerun }: SweepChoice): PreparedCell {
  const selected = selects(include, standing.cell) && !excluded(exclude, standing.cell);
  const wanted = rerun === 'all' ? standing.standing !== 'running' : standing.standing === rerun;
  return { ...standing, selected, toRun: selected && wanted };
}

function excluded(exclude: Matcher, cell: Cell): boolean {
  return Object.entries(exclude).some(([name, value]) => selects({ [name]: value }, cell));
}

function checkMatchers({ include, exclude }: SweepChoice, parameters: readonly string[]): void {
  const known = [...parameters, ...CELL_FIELDS];
  const faults = [include, exclude].flatMap((matcher) => unknownNames(matcher, [], known));
  if (faults.length === 0) return;
  throw new SatsimError('USAGE', faults.map(({ message }) => message).join('; '), { hint: faults[0]!.hint });
}
