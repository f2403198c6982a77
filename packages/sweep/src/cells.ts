import { canonicalJson, sha256 } from './canonical.js';
import type { SweepDefinition } from './definition.js';
import { draw, replicateSeed } from './draw.js';
import { selects } from './matchers.js';

/** Values by path of the scenario, as `--set` names it; in the order of the definition. */
export type Parameters = Readonly<Record<string, unknown>>;

/** One run to be made: the scenario with these values. */
export interface Cell {
  /** The first 12 hex digits of the SHA-256 of its parameters as JSON with sorted keys. */
  readonly cell: string;
  /** With the `seed` of the replicate. */
  readonly parameters: Parameters;
  /** From 1; `null` without replicates. */
  readonly replicate: number | null;
}

const ID_DIGITS = 12;

export function cellId(parameters: Parameters): string {
  return sha256(canonicalJson(parameters)).slice(0, ID_DIGITS);
}

/**
 * All cells of a sweep, in order: each list entry with each point of the grid, each of these with each sample, each of
 * these `replicates` times. What comes out twice is one cell.
 */
export function expandCells(definition: SweepDefinition): readonly Cell[] {
  const { grid, list, random, replicates, seed, include, exclude } = definition;
  const factors: (readonly Parameters[])[] = [
    list.length === 0 ? [{}] : list,
    ...Object.entries(grid).map(([path, values]) => values.map((value) => ({ [path]: value }))),
    random === undefined ? [{}] : samplesOf(random, seed),
  ];
  const cells = new Map<string, Cell>();
  const add = (parameters: Parameters, replicate: number | null): void => {
    const cell: Cell = { cell: cellId(parameters), parameters, replicate };
    if ((include.length === 0 || include.some((one) => selects(one, cell))) && !exclude.some((one) => selects(one, cell))) cells.set(cell.cell, cell);
  };
  for (const parameters of product(factors)) {
    if (replicates === undefined) add(parameters, null);
    else for (let replicate = 1; replicate <= replicates; replicate++) add({ ...parameters, seed: replicateSeed(seed, replicate) }, replicate);
  }
  return [...cells.values()];
}

/** How many combinations there are before any is left out: to be known before they are made. */
export function countCells({ grid, list, random, replicates }: SweepDefinition): number {
  return Object.values(grid).reduce((count, values) => count * values.length, Math.max(1, list.length) * (random?.samples ?? 1) * (replicates ?? 1));
}

/** The paths of all parameters, in the order of the definition. */
export function parameterPaths({ grid, list, random, replicates }: SweepDefinition): readonly string[] {
  const paths = [...list.flatMap(Object.keys), ...Object.keys(grid), ...Object.keys(random?.parameters ?? {}), ...(replicates === undefined ? [] : ['seed'])];
  return [...new Set(paths)];
}

function samplesOf({ samples, parameters }: NonNullable<SweepDefinition['random']>, seed: number): readonly Parameters[] {
  return Array.from({ length: samples }, (_, sample) =>
    Object.fromEntries(Object.entries(parameters).map(([path, distribution]) => [path, draw(distribution, seed, path, sample)])),
  );
}

function* product(factors: readonly (readonly Parameters[])[], chosen: Parameters = {}): Generator<Parameters> {
  const [first, ...rest] = factors;
  if (first === undefined) yield chosen;
  else for (const values of first) yield* product(rest, { ...chosen, ...values });
}
