import { type Scenario, scenarioSchema } from '../contract/scenario.js';
import type { FieldPath } from '../contract/tick-source.js';
import { formatPath } from '../errors.js';
import type { Finding } from './located.js';
import { hasSpec, normalise } from './normalise.js';
import { pruneUntilValid, withoutOptional } from './prune.js';
import { valueAt } from './schema-walk.js';
import { idleFields, semanticFindings, type Sound } from './semantic.js';
import { withoutUnsure } from './unsure.js';
import { unknownKey, zodFindings } from './zod-faults.js';

export interface CheckedScenario {
  /** Normalised; what is left of it when there are findings, null when that is not a network any more. */
  readonly scenario: Scenario | null;
  readonly findings: readonly Finding[];
  /** Fields that do nothing. */
  readonly idle: readonly Finding[];
}

export interface CheckOptions {
  readonly laneNames: readonly string[];
  /** False when parts of the value could not be read: then nothing is said of what is missing. */
  readonly complete: boolean;
}

const CORE_KEYS = Object.keys(scenarioSchema.shape);

/** Checks a scenario as read: keys, types, ranges, then how the fields fit together. One finding a field, the first. */
export function checkScenario(value: unknown, unreadable: readonly Finding[], { laneNames, complete }: CheckOptions): CheckedScenario {
  const issues = scenarioSchema.safeParse(value).error?.issues ?? [];
  const found = onePerField([...unreadable, ...unknownTopLevel(value, laneNames), ...zodFindings(scenarioSchema, value, issues)]);
  if (!complete)
    return {
      scenario: null,
      findings: found.filter(({ path }) => unreadable.some((finding) => finding.path === path) || valueAt(value, path) !== undefined),
      idle: [],
    };

  const pruned = pruneUntilValid(
    scenarioSchema,
    value,
    found.map(({ path }) => path),
  );
  if (pruned === null) return { scenario: null, findings: found, idle: [] };
  const sound: Sound = (...field) => !found.some(({ path }) => startsWith(path, field) || startsWith(field, path));
  const semantic = semanticFindings(pruned.parsed, sound);
  const findings = onePerField([...found, ...semantic]);
  const idle = idleFields(pruned.parsed);
  if (findings.length === 0) return { scenario: normalise(pruned.parsed), findings, idle };

  const left = scenarioSchema.safeParse(
    withoutOptional(
      scenarioSchema,
      pruned.value,
      semantic.map(({ path }) => path),
    ),
  );
  return { scenario: left.success ? whatIsLeft(value, left.data, pruned.lost) : null, findings, idle };
}

function unknownTopLevel(value: unknown, laneNames: readonly string[]): Finding[] {
  const known = [...CORE_KEYS, 'include', ...laneNames];
  const keys = Object.keys(value as object).filter((key) => key === 'include' || !known.includes(key));
  return keys.map((key) => unknownKey([key], known, 'neither a key of the format nor an installed lane'));
}

/** Null when there is no network any more. */
function whatIsLeft(given: unknown, scenario: Scenario, lostItems: readonly FieldPath[]): Scenario | null {
  if (!scenario.constellation?.length && !scenario.ground?.length && !hasSpec(scenario) && scenario.ticks === undefined) return null;
  const lostSections = (['constellation', 'ground'] as const).filter((key) => valueAt(given, [key]) !== undefined && scenario[key] === undefined);
  const lost = [...lostSections.map((key) => [key]), ...lostItems].map((path) => valueAt(given, [...path, 'walker', 'name']));
  return normalise(
    withoutUnsure(
      scenario,
      lost.map((name) => (typeof name === 'string' ? `${name}-` : '')),
    ),
  );
}

function onePerField(findings: readonly Finding[]): Finding[] {
  const byField = new Map<string, Finding>();
  for (const finding of findings) {
    const field = formatPath(finding.path);
    if (!byField.has(field)) byField.set(field, finding);
  }
  return [...byField.values()];
}

const startsWith = (path: FieldPath, start: FieldPath): boolean => start.every((key, index) => path[index] === key);
