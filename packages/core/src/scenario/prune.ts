import type { z } from 'zod';
import type { FieldPath } from '../contract/tick-source.js';
import { childSchema, fieldsOf, isOptional, resolve, schemaAt, valueAt } from './schema-walk.js';

/** Rounds in which single fields are repaired; after them whole sections go. */
const GENTLE_ROUNDS = 3;
const MAX_ROUNDS = 6;

/**
 * What stands for a required field that is faulty, so that everything around it can still be checked: only fields that
 * do not decide which nodes there are. Never runs, as there is a fault.
 */
const PLACEHOLDERS: readonly (readonly [path: FieldPath, value: unknown])[] = [
  [['name'], 'unnamed'],
  [['time'], { t0: '2000-01-01T00:00:00Z', duration: '1s' }],
  [['time', 't0'], '2000-01-01T00:00:00Z'],
  [['constellation', 0, 'walker', 'altitude_km'], 550],
  [['constellation', 0, 'walker', 'inclination_deg'], 53],
  [['ground', 0, 'lat'], 0],
  [['ground', 0, 'lon'], 0],
  [['links', 'terrestrial', 0, 'delay_ms'], 0],
  [['traffic', 0, 'id'], 'unnamed'],
  [['assertions', 0, 'quantity'], 'availability'],
  [['assertions', 0, 'op'], '>='],
  [['assertions', 0, 'value'], 0],
];

/** In {@link PLACEHOLDERS} an index stands for any. */
function placeholder(path: FieldPath): unknown {
  const matches = (pattern: FieldPath): boolean =>
    pattern.length === path.length && pattern.every((key, at) => key === path[at] || (typeof key === 'number' && typeof path[at] === 'number'));
  return PLACEHOLDERS.find(([pattern]) => matches(pattern))?.[1];
}

/**
 * Takes faulty parts out of a value until the schema accepts it: the field itself where it may be left out or has a
 * placeholder, else the nearest field around it. Items of lists stay, as their indices have a meaning. Null when nothing helps.
 */
export function pruneUntilValid<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  faulty: readonly FieldPath[],
): { readonly value: unknown; readonly parsed: Output } | null {
  const pruned = structuredClone(value);
  let paths = faulty;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const path of paths) repair(schema, pruned, round < GENTLE_ROUNDS ? path : path.slice(0, 1));
    const result = schema.safeParse(pruned);
    if (result.success) return { value: pruned, parsed: result.data };
    paths = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
    ) as FieldPath[];
  }
  return null;
}

/** The value without those of the fields that may be left out. */
export function withoutOptional(schema: z.core.$ZodType, value: unknown, paths: readonly FieldPath[]): unknown {
  const pruned = structuredClone(value);
  for (const path of paths) if (mayBeAbsent(schema, pruned, path)) takeOut(pruned, path);
  return pruned;
}

function repair(schema: z.core.$ZodType, value: unknown, path: FieldPath): void {
  for (let length = path.length; length > 0; length--) {
    const candidate = path.slice(0, length);
    if (mayBeAbsent(schema, value, candidate)) return takeOut(value, candidate);
    const stand = placeholder(candidate);
    if (stand !== undefined) return putIn(value, candidate, structuredClone(stand));
  }
}

function mayBeAbsent(schema: z.core.$ZodType, value: unknown, path: FieldPath): boolean {
  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const around = schemaAt(schema, value, parent);
  const holder = valueAt(value, parent);
  if (typeof key !== 'string' || around === undefined || typeof holder !== 'object' || holder === null || Array.isArray(holder)) return false;
  const child = childSchema(around, holder, key);
  return child === undefined || isOptional(child) || fieldsOf(resolve(around, holder)) === null;
}

function takeOut(value: unknown, path: FieldPath): void {
  const holder = valueAt(value, path.slice(0, -1));
  if (typeof holder === 'object' && holder !== null) delete (holder as Record<string, unknown>)[String(path.at(-1))];
}

function putIn(value: unknown, path: FieldPath, stand: unknown): void {
  const holder = valueAt(value, path.slice(0, -1));
  if (typeof holder === 'object' && holder !== null) Object.assign(holder, { [String(path.at(-1))]: stand });
}
