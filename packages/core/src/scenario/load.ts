import path from 'node:path';
import { formatPath, type ScenarioFault } from '../errors.js';
import { checkScenario } from './check.js';
import { faultAt } from './fault-at.js';
import { readWithIncludes } from './include.js';
import { locatorOf, unpack } from './located.js';
import { SET, setValues } from './set-values.js';
import type { LoadedScenario, LoadOptions } from './types.js';

/**
 * Reads a scenario file with its includes, the environment and `--set`, checks it and fills in defaults. Everything that
 * is wrong is in `faults`, each with file, line and field, sorted by them; nothing of it is thrown. Files are named in
 * faults as `file` was given, those of `include` relative to it.
 */
export async function loadScenario(file: string, options: LoadOptions): Promise<LoadedScenario> {
  const absolute = path.resolve(file);
  const env = options.env ?? process.env;
  const merged = await readWithIncludes(file, env, options.files);
  const about = { file: absolute, baseDir: path.dirname(absolute), source: merged.source, included: merged.included };
  if (merged.root === null) return { ...about, scenario: null, faults: sorted(merged.faults, merged.files), warnings: [], locate: locatorOf(null) };

  const { root, faults } = setValues(merged.root, options.set ?? [], env);
  const { value, problems } = unpack(root);
  const checked = checkScenario(value, problems, { laneNames: options.laneNames, complete: merged.complete });
  const locate = locatorOf(root);
  const unreadable = [...merged.faults, ...faults];
  // A value that could not be read is not missing as well.
  const told = new Set(unreadable.map((fault) => formatPath(fault.path)));
  const untold = checked.findings.filter((finding) => finding.path.length === 0 || !told.has(formatPath(finding.path)));
  const found = untold.map((finding) => faultAt(locate, finding.path, finding.message, finding.hint));
  return {
    ...about,
    scenario: checked.scenario,
    faults: sorted([...unreadable, ...found], merged.files),
    warnings: checked.idle.map((finding) => `${formatPath(finding.path)} ${finding.message}`),
    locate,
  };
}

/** By file in the order of reading, the main one first and `--set` last, then by line and field. */
function sorted(faults: readonly ScenarioFault[], files: readonly string[]): ScenarioFault[] {
  const rank = (file: string | null): number => (file === SET ? files.length : files.indexOf(file ?? ''));
  return faults.toSorted((a, b) => rank(a.file) - rank(b.file) || (a.line ?? 0) - (b.line ?? 0) || compare(formatPath(a.path), formatPath(b.path)));
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
