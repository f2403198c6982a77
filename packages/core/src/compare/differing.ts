import { formatPath } from '../errors.js';
import type { FieldPath } from '../contract/tick-source.js';

/** A field that is not the same in all of them; `null` where it is not there. */
export interface DifferingField {
  readonly path: string;
  readonly values: readonly (string | number | boolean | null)[];
}

type Leaf = string | number | boolean;

/** The fields in which values differ, by their paths: in the order of the first that has them. */
export function differingFields(values: readonly unknown[]): DifferingField[] {
  const leaves = values.map((value) => new Map(leavesOf(value, [])));
  const paths = [...new Set(leaves.flatMap((fields) => [...fields.keys()]))];
  return paths.flatMap((path) => {
    const found = leaves.map((fields) => fields.get(path) ?? null);
    return found.every((value) => value === found[0]) ? [] : [{ path, values: found }];
  });
}

/** Lists of plain values are one leaf: their items mean nothing alone. */
function leavesOf(value: unknown, path: FieldPath): [path: string, value: Leaf][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [[formatPath(path), value as Leaf]];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0 || (Array.isArray(value) && value.every((item) => typeof item !== 'object'))) return [[formatPath(path), JSON.stringify(value)]];
  return entries.flatMap(([key, item]) => leavesOf(item, [...path, key]));
}
