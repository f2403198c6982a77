import { formatPath } from '../errors.js';
import type { FieldPath } from '../contract/tick-source.js';

/** A field that is not the same in all of them; `null` where it is not there. */
export interface DifferingField {
  readonly path: string;
  readonly values: readonly (string | number | boolean | null)[];
}

type Leaf = string | number | boolean;

/** The fields in which values differ, from one value after the other: it keeps the first, and what differs from it. */
export class DifferingFields {
  #count = 0;
  /** By path, what the first has of each field that any has: `null` where it has none. */
  readonly #first = new Map<string, Leaf | null>();
  readonly #differing = new Map<string, (Leaf | null)[]>();

  add(value: unknown): void {
    const leaves = new Map(leavesOf(value, []));
    for (const [path, leaf] of leaves) if (!this.#first.has(path)) this.#first.set(path, this.#count === 0 ? leaf : null);
    for (const [path, first] of this.#first) {
      const found = leaves.get(path) ?? null;
      const values = this.#differing.get(path);
      if (values) values.push(found);
      else if (found !== first) this.#differing.set(path, [...Array.from({ length: this.#count }, () => first), found]);
    }
    this.#count += 1;
  }

  /** By their paths, in the order of the first that has them. */
  result(): DifferingField[] {
    return [...this.#first.keys()].flatMap((path) => {
      const values = this.#differing.get(path);
      return values ? [{ path, values }] : [];
    });
  }
}

/** Lists of plain values are one leaf: their items mean nothing alone. */
function leavesOf(value: unknown, path: FieldPath): [path: string, value: Leaf][] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [[formatPath(path), value as Leaf]];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0 || (Array.isArray(value) && value.every((item) => typeof item !== 'object'))) return [[formatPath(path), JSON.stringify(value)]];
  return entries.flatMap(([key, item]) => leavesOf(item, [...path, key]));
}
