import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { loadYaml, SatsimError, ScenarioError, suggest } from '@satsim/core';
import type { FieldLocator, FieldPath, ScenarioFault } from '@satsim/core';
import { countCells, parameterPaths } from './cells.js';
import { type Matcher, type SweepDefinition, type SweepFile, sweepName, sweepSchema } from './definition.js';
import { CELL_FIELDS } from './matchers.js';
import { canonicalPath } from './overrides.js';

/** What a command line adds to a sweep file, or makes of a scenario. */
export interface SweepAdditions {
  readonly name?: string;
  readonly set: SweepFile['set'];
  readonly grid: SweepDefinition['grid'];
  readonly replicates?: number;
  readonly seed?: number;
}

export interface LoadedSweep {
  readonly definition: SweepDefinition;
  /** Absolute; `null` when there is none. */
  readonly file: string | null;
  readonly locate: FieldLocator;
  /** As `--plugin` named them when the sweep was begun. */
  readonly plugins: readonly string[];
}

const SWEEP_FILE = /\.sweep\.(ya?ml|json)$/;
const ENDING = /(\.satsim|\.sweep)?\.(ya?ml|json)$/;
/** Of one sweep; more is a mistake to be told, not to be planned for a day. */
const MOST_CELLS = 100_000;

function isSweepFile(file: string): boolean {
  return SWEEP_FILE.test(file);
}

/** What a sweep of this file is called when nothing else is said. */
export function nameOf(file: string): string {
  return (
    basename(file)
      .replace(ENDING, '')
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'sweep'
  );
}

/**
 * Reads a sweep file, or takes any other file for the scenario of a sweep that the command line describes.
 * @throws ScenarioError with all faults of the sweep; SatsimError USAGE for a name that no folder of a sweep may have
 */
export async function loadSweep(file: string, additions: SweepAdditions): Promise<LoadedSweep> {
  const name = nameOf(file);
  if (!isSweepFile(file)) {
    const bare = sweepSchema.parse({ scenario: resolve(file) });
    return { definition: checked({ ...bare, name }, additions, () => null), file: null, locate: () => null, plugins: [] };
  }
  const { value, faults, locate } = await loadYaml(file, sweepSchema);
  if (value === null) throw new ScenarioError(faults);
  const scenario = isAbsolute(value.scenario) ? value.scenario : resolve(dirname(file), value.scenario);
  return { definition: checked({ ...value, name: value.name ?? name, scenario }, additions, locate), file: resolve(file), locate, plugins: [] };
}

function checked(base: SweepDefinition, { name, set, grid, replicates, seed }: SweepAdditions, locate: FieldLocator): SweepDefinition {
  const wrong = name === undefined ? undefined : sweepName.safeParse(name).error;
  if (wrong)
    throw new SatsimError('USAGE', `--name ${name}: ${wrong.issues[0]!.message}`, { hint: 'it is the name of a folder; --sweeps-root says where that is' });
  const definition: SweepDefinition = {
    ...base,
    name: name ?? base.name,
    set: canonical({ ...base.set, ...set }),
    grid: canonical({ ...base.grid, ...grid }),
    list: base.list.map(canonical),
    ...(base.random && { random: { ...base.random, parameters: canonical(base.random.parameters) } }),
    ...(replicates === undefined ? {} : { replicates }),
    ...(seed === undefined ? {} : { seed }),
  };
  const faults = definitionFaults(definition).map(({ path, message, hint }): ScenarioFault => {
    const at = locate(path);
    return { message, path, file: at?.file ?? null, line: at?.line ?? null, ...(hint === undefined ? {} : { hint }) };
  });
  if (faults.length > 0) throw new ScenarioError(faults);
  return definition;
}

function canonical<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([path, value]) => [canonicalPath(path), value]));
}

interface Finding {
  readonly path: FieldPath;
  readonly message: string;
  readonly hint?: string;
}

function definitionFaults(definition: SweepDefinition): readonly Finding[] {
  const places = placesOf(definition);
  const known = [...parameterPaths(definition), ...CELL_FIELDS];
  const count = countCells(definition);
  return [
    ...places.flatMap((place, index) => places.slice(0, index).flatMap((other) => clash(place, other))),
    ...places
      .filter(({ parameter, source }) => source !== 'set' && (parameter === 'paths' || parameter.startsWith('paths.')))
      .map(({ path }) => ({ path, message: 'where runs are kept is no parameter' })),
    ...(['include', 'exclude'] as const).flatMap((key) => definition[key].flatMap((matcher, index) => unknownNames(matcher, [key, index], known))),
    ...(count > MOST_CELLS ? [{ path: [], message: `the sweep has ${count} cells; ${MOST_CELLS} is the most`, hint: 'draw some of them by `random`' }] : []),
  ];
}

/** Names in a matcher that no cell can have. */
export function unknownNames(matcher: Matcher, at: FieldPath, known: readonly string[]): readonly Finding[] {
  return Object.keys(matcher).flatMap((name) => {
    if (known.includes(name)) return [];
    const near = suggest(name, known);
    return [
      {
        path: [...at, name],
        message: `\`${name}\` is no parameter of the sweep`,
        hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean \`${near}\`?`,
      },
    ];
  });
}

/** A parameter, and where the definition gives it. */
interface Place {
  readonly parameter: string;
  readonly path: FieldPath;
  readonly source: string;
}

function placesOf({ set, grid, list, random, replicates }: SweepDefinition): readonly Place[] {
  const from = (source: string, parameters: object, ...path: FieldPath): Place[] =>
    Object.keys(parameters).map((parameter) => ({ parameter, path: [...path, parameter], source }));
  return [
    ...from('set', set, 'set'),
    ...from('grid', grid, 'grid'),
    // Rows may share their parameters: each counts once.
    ...list
      .flatMap((row, index) => from('list', row, 'list', index))
      .filter(({ parameter }, index, all) => all.findIndex((one) => one.parameter === parameter) === index),
    ...from('random', random?.parameters ?? {}, 'random', 'parameters'),
    ...(replicates === undefined ? [] : [{ parameter: 'seed', path: ['replicates'], source: 'replicates' }]),
  ];
}

const ENDS = ['time.t1', 'time.duration'];

function clash(one: Place, other: Place): readonly Finding[] {
  const within = (inner: string, outer: string): boolean => inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
  const { parameter, path } = one;
  if (parameter === other.parameter) return [{ path, message: `\`${parameter}\` is given by ${other.source} as well` }];
  const overlap = within(parameter, other.parameter) || within(other.parameter, parameter);
  if (!overlap && !(ENDS.includes(parameter) && ENDS.includes(other.parameter))) return [];
  return [{ path, message: `\`${parameter}\` and \`${other.parameter}\` of ${other.source} are in each other's way: one would undo the other` }];
}
