import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { nodeIdSchema } from '../contract/scenario.js';
import type { FieldPath } from '../contract/tick-source.js';
import { childSchema, fieldsOf, isOptional, resolve, schemaAt, valueAt } from './schema-walk.js';

/** Rounds in which single fields are repaired; then whole items of sections, then whole sections go. */
const GENTLE_ROUNDS = 3;
const ITEM_ROUNDS = 5;
const MAX_ROUNDS = 8;

/**
 * What stands for a required field that is faulty, so that everything around it can still be checked: only fields that
 * do not decide which nodes there are. Never runs, as there is a fault. A name of a node that stands here is a fault later
 * on; it is that of the field all the same, and told once.
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
  [['weather', 0, 'site'], 'unnamed'],
  [['faults', 0, 'at'], '0s'],
  [['traffic', 0, 'id'], 'unnamed'],
  [['traffic', 0, 'from'], 'unnamed-from'],
  [['traffic', 0, 'to'], 'unnamed-to'],
  [['assertions', 0, 'quantity'], 'availability'],
  [['assertions', 0, 'op'], '>='],
  [['assertions', 0, 'value'], 0],
];

/** What stands for an item that makes nodes and can't be repaired: one node that nothing refers to. */
const NODE_STAND_INS: Readonly<Record<string, (index: number) => unknown>> = {
  constellation: (index) => ({ walker: { name: standInName(index), planes: 1, per_plane: 1, altitude_km: 550, inclination_deg: 53 } }),
  ground: (index) => ({ id: standInName(index), lat: 0, lon: 0 }),
};
/** What stands for any item that can't be repaired, by its list, so that the others keep their faults. Weather stays where it is. */
const STAND_INS: Readonly<Record<string, (index: number, item: unknown) => unknown>> = {
  ...NODE_STAND_INS,
  weather: (index, item) => ({ site: nodeIdSchema.safeParse(valueAt(item, ['site'])).data ?? standInName(index), rain_mm_per_h: 0 }),
  faults: (index) => ({ at: '0s', node: standInName(index) }),
  traffic: (index) => ({ id: standInName(index), from: standInName(index), to: `${standInName(index)}-1-1` }),
  assertions: (index) => ({ flow: standInName(index), quantity: 'availability', op: '>=', value: 0 }),
  'links.terrestrial': (index) => ({ a: standInName(index), b: `${standInName(index)}-1-1`, delay_ms: 0 }),
  'links.isl.pairs': (index) => [standInName(index), `${standInName(index)}-1-1`],
};
const standInName = (index: number): string => `unnamed.${index}`;

/** Whether a node stands for one that a faulty scenario does not tell: people have not written its name. */
export function isStandIn(nodeId: string): boolean {
  return /^unnamed\.\d+(-1-1)?$/.test(nodeId);
}

/** In {@link PLACEHOLDERS} an index stands for any. */
function placeholder(value: unknown, path: FieldPath): unknown {
  const index = path.at(-1);
  const standIn = STAND_INS[path.slice(0, -1).join('.')];
  if (standIn && typeof index === 'number') return standIn(index, valueAt(value, path));
  const matches = (pattern: FieldPath): boolean =>
    pattern.length === path.length && pattern.every((key, at) => key === path[at] || (typeof key === 'number' && typeof path[at] === 'number'));
  return PLACEHOLDERS.find(([pattern]) => matches(pattern))?.[1];
}

/**
 * Takes faulty parts out of a value until the schema accepts it: the field itself where it may be left out or has a
 * placeholder, else the nearest field around it. Items of lists stay, as their indices have a meaning; those that
 * can't be repaired get a stand-in where the section has one, and in `constellation` and `ground` are `lost` with their nodes.
 * Null when nothing helps.
 */
export function pruneUntilValid<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  faulty: readonly FieldPath[],
): { readonly value: unknown; readonly parsed: Output; readonly lost: readonly FieldPath[] } | null {
  const pruned = structuredClone(value);
  let paths = faulty;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    for (const path of paths) repair(schema, pruned, round < GENTLE_ROUNDS ? path : path.slice(0, round < ITEM_ROUNDS ? 2 : 1));
    const result = schema.safeParse(pruned);
    if (result.success) return { value: pruned, parsed: result.data, lost: lostItems(pruned) };
    paths = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path],
    ) as FieldPath[];
  }
  return null;
}

function lostItems(pruned: unknown): FieldPath[] {
  return Object.entries(NODE_STAND_INS).flatMap(([section, standIn]) => {
    const items = valueAt(pruned, [section]);
    return Array.isArray(items) ? items.flatMap((item, index) => (isDeepStrictEqual(item, standIn(index)) ? [[section, index]] : [])) : [];
  });
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
    const stand = placeholder(value, candidate);
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
