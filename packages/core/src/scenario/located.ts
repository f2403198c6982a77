import type { FieldLocator, FieldPath } from '../contract/tick-source.js';

export interface Position {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** Something wrong with one value; where it is follows from the value's place in the tree. */
export interface Problem {
  readonly message: string;
  readonly hint?: string;
}

/** A problem and the field it concerns. */
export interface Finding extends Problem {
  readonly path: FieldPath;
}

interface Placed {
  /** Of the key for an entry of a map, of the value elsewhere. */
  readonly at: Position;
}
export interface LocatedMap extends Placed {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Located>;
}
interface LocatedList extends Placed {
  readonly kind: 'list';
  readonly items: readonly Located[];
}
export interface LocatedScalar extends Placed {
  readonly kind: 'scalar';
  /** Undefined when the value could not be read; `problem` says why. */
  readonly value: string | number | boolean | null | undefined;
  readonly problem?: Problem;
}

/** A value that remembers the file and line it came from. Never changed: merging and setting make new trees. */
export type Located = LocatedMap | LocatedList | LocatedScalar;

export function childOf(node: Located, key: string | number): Located | undefined {
  if (node.kind === 'map') return node.entries.get(String(key));
  if (node.kind === 'list' && typeof key === 'number') return node.items[key];
  return undefined;
}

export function withEntry(map: LocatedMap, key: string, value: Located): LocatedMap {
  return { ...map, entries: new Map(map.entries).set(key, value) };
}

export function withoutEntry(map: LocatedMap, key: string): LocatedMap {
  return { ...map, entries: new Map([...map.entries].filter(([name]) => name !== key)) };
}

/** The bare value, and the problems of the scalars in it. */
export function unpack(root: Located): { readonly value: unknown; readonly problems: readonly Finding[] } {
  const problems: Finding[] = [];
  const visit = (node: Located, path: FieldPath): unknown => {
    if (node.kind === 'list') return node.items.map((item, index) => visit(item, [...path, index]));
    if (node.kind === 'map') return Object.fromEntries([...node.entries].map(([key, value]) => [key, visit(value, [...path, key])]));
    if (node.problem) problems.push({ path, ...node.problem });
    return node.value;
  };
  return { value: visit(root, []), problems };
}

/** Finds a field; a field that is not there is found at the nearest map or list around it. */
export function locatorOf(root: Located | null): FieldLocator {
  return (path) => {
    if (root === null) return null;
    let node = root;
    for (const key of path) {
      const next = childOf(node, key);
      if (next === undefined) break;
      node = next;
    }
    return node.at;
  };
}
