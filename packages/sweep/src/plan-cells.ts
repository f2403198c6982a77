import { formatPath, isSatsimError, ScenarioError } from '@satsim/core';
import type { FieldLocator, FieldPath, ScenarioFault } from '@satsim/core';
import type { Cell } from './cells.js';
import type { SweepDefinition } from './definition.js';
import { assignments } from './overrides.js';
import type { PlannedCell } from './planned.js';

/** Reads, checks and plans one cell: nothing is started or written. Throws ScenarioError with all faults of the cell. */
export type PlanCell = (set: readonly string[]) => Promise<PlannedCell>;

/** A cell as `--set` of the base scenario. */
export function cellAssignments({ set }: SweepDefinition, cell: Cell): readonly string[] {
  return assignments(set, cell.parameters);
}

/**
 * Plans every cell before anything starts.
 * @param use is given each plan, in order; what it returns is kept
 * @throws ScenarioError with the faults of all cells; a fault that several have is told once, with the cells that have it
 */
export async function planCells<Result>(
  definition: SweepDefinition,
  cells: readonly Cell[],
  locate: FieldLocator,
  plan: PlanCell,
  use: (cell: Cell, planned: PlannedCell) => Promise<Result>,
  signal: AbortSignal,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const found = new Map<string, { readonly fault: ScenarioFault; readonly cells: Cell[] }>();
  for (const cell of cells) {
    signal.throwIfAborted();
    try {
      results.push(await use(cell, await plan(cellAssignments(definition, cell))));
    } catch (error) {
      if (!isScenarioError(error)) throw error;
      for (const fault of error.faults) {
        const key = JSON.stringify([fault.file, fault.line, fault.path, fault.message]);
        const same = found.get(key) ?? { fault, cells: [] };
        if (same.cells.at(-1) !== cell) same.cells.push(cell);
        found.set(key, same);
      }
    }
  }
  if (found.size > 0) throw new ScenarioError([...found.values()].map((one) => told(one.fault, one.cells, cells.length, definition, locate)));
  return results;
}

function isScenarioError(error: unknown): error is ScenarioError {
  return isSatsimError(error) && error.code === 'SCENARIO_INVALID' && 'faults' in error;
}

/** A fault of a parameter is one of the sweep: it stands where the sweep gives the value, and says in which cells. */
function told(fault: ScenarioFault, having: readonly Cell[], all: number, definition: SweepDefinition, locate: FieldLocator): ScenarioFault {
  const [first] = having as [Cell];
  const field = formatPath(fault.path);
  const within = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  const concerned = (values: object): string | undefined =>
    Object.keys(values).find((path) => within(field, path)) ?? Object.keys(values).find((path) => field !== '' && within(path, field));
  const parameter = concerned(first.parameters);
  const fixed = concerned(definition.set);
  // What all of them have of the scenario alone is the scenario's.
  const where = having.length < all ? `, in cell ${describeCell(first)}${having.length > 1 ? ` and ${having.length - 1} more` : ''}` : '';
  const message = `${fault.message}${where}`;
  if (parameter === undefined && fixed === undefined) return { ...fault, message };
  const at = locate(parameter === undefined ? ['set', fixed!] : placeOf(definition, parameter, first));
  return { ...fault, message, file: at?.file ?? null, line: at?.line ?? null };
}

/** `0f3a… (links.gsl.min_elevation_deg=95)` */
export function describeCell({ cell, parameters }: Cell): string {
  const values = Object.entries(parameters).map(([path, value]) => `${path}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return values.length === 0 ? cell : `${cell} (${values.join(', ')})`;
}

function placeOf({ grid, list, random }: SweepDefinition, parameter: string, { parameters }: Cell): FieldPath {
  const value = JSON.stringify(parameters[parameter]);
  const indexIn = (values: readonly unknown[]): number => values.findIndex((one) => JSON.stringify(one) === value);
  if (grid[parameter]) return ['grid', parameter, indexIn(grid[parameter])];
  if (random?.parameters[parameter]) return ['random', 'parameters', parameter];
  const row = list.findIndex((one) => JSON.stringify(one[parameter]) === value);
  return row === -1 ? ['replicates'] : ['list', row, parameter];
}
