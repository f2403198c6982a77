import type { RunRecord } from '@satsim/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from './canonical.js';

/** All that the result of a cell depends on. */
export interface PlannedCell {
  /** The normalised scenario. */
  readonly scenario: Readonly<Record<string, unknown>>;
  /** Files that it names, and the trace that it replays, by what they hold. */
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[];
  /** Versions by name of what computes. */
  readonly components: Readonly<Record<string, string>>;
  /** Of the engine; `null` when it is not ours to know, being somebody else's server. */
  readonly engineVersion: string | null;
  /** Where the run will lie. */
  readonly artifactsRoot: string;
  /** A lane of it emulates by the wall clock: what else this machine does falsifies its results. */
  readonly emulates: boolean;
}

const MOST_DIFFERENCES = 3;

/**
 * What is different now from what a run was made of: nothing means that it would come out the same.
 * @returns in words, the first few; `null` when the run does not say what it was made of
 */
export async function differencesFrom({ runDir, manifest }: RunRecord, planned: PlannedCell): Promise<readonly string[] | null> {
  if (manifest === null) return null;
  let scenario: Readonly<Record<string, unknown>>;
  try {
    // Written so that `${` is no reference to the environment.
    const text = (await readFile(join(runDir, 'manifests/scenario.normalized.json'), 'utf8')).replaceAll('$${', () => '${');
    scenario = JSON.parse(text) as typeof scenario;
  } catch {
    return null;
  }
  const components = Object.fromEntries(manifest.components.map(({ name, version }) => [name, version]));
  const inputs = (of: PlannedCell['inputs']): object => Object.fromEntries(of.map(({ sha256, path }) => [sha256, path]));
  const used = manifest.recording ? [...manifest.inputs, manifest.recording] : manifest.inputs;
  const engine = planned.engineVersion === null ? null : (manifest.engine?.engineVersion ?? null);
  const fileChanges = [
    ...planned.inputs.filter(({ sha256 }) => !(sha256 in inputs(used))).map(({ path }) => `${path} has changed`),
    ...used
      .filter(({ sha256, path }) => !(sha256 in inputs(planned.inputs)) && !planned.inputs.some((one) => one.path === path))
      .map(({ path }) => `${path} is not used any more`),
  ];
  const all = [
    ...leafDifferences(withoutPlace(scenario), withoutPlace(planned.scenario)),
    ...fileChanges,
    ...leafDifferences({ ...components, engine }, { ...planned.components, engine: planned.engineVersion }),
  ];
  return all.length <= MOST_DIFFERENCES ? all : [...all.slice(0, MOST_DIFFERENCES), `${all.length - MOST_DIFFERENCES} more`];
}

/** A run is the same wherever it lies. */
function withoutPlace({ paths: _, ...scenario }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return scenario;
}

const WIDEST = 40;

/** `links.gsl.min_elevation_deg: 10 is 15 now` */
function leafDifferences(before: unknown, now: unknown, path = ''): readonly string[] {
  if (canonicalJson(before ?? null) === canonicalJson(now ?? null)) return [];
  if (isMap(before) && isMap(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
    return keys.flatMap((key) => leafDifferences(before[key], now[key], path === '' ? key : `${path}.${key}`));
  }
  const short = (value: unknown): string => {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text;
  };
  return [`${path}: ${short(before)} is ${short(now)} now`];
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
