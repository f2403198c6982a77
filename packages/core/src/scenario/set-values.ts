import { formatPath, type ScenarioFault } from '../errors.js';
import type { FieldPath } from '../contract/tick-source.js';
import type { Environment } from './expand-env.js';
import { childOf, type Located, type Position, withEntry } from './located.js';
import { withoutEnds } from './merge.js';
import { readYaml } from './yaml-source.js';

/** What faults in `--set` values give as their file. */
export const SET = '--set';

const ASSIGNMENT = /^([^=]*)=(.*)$/s;
const PATH = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\[\d+\])*$/;

/** Applies `key.path[0]=value` in order; the value is read as YAML and replaces what is there. */
export function setValues(
  root: Located,
  assignments: readonly string[],
  env: Environment,
): { readonly root: Located; readonly faults: readonly ScenarioFault[] } {
  const faults: ScenarioFault[] = [];
  const refuse = (message: string, path: FieldPath, hint?: string): void => {
    faults.push({ message, path, file: SET, line: null, ...(hint === undefined ? {} : { hint }) });
  };
  let current = root;
  for (const [index, assignment] of assignments.entries()) {
    const [, key = '', text = ''] = ASSIGNMENT.exec(assignment) ?? [];
    if (!PATH.test(key)) {
      refuse(`\`${assignment}\` does not name a field`, [], 'write it as key.path[0]=value');
      continue;
    }
    const path = parsePath(key);
    if (path[0] === 'include') {
      refuse('`include` cannot be set from the command line', path, 'write it into the file');
      continue;
    }
    const { root: value, faults: unreadable } = readYaml(text, SET, env);
    if (value === null || unreadable.length > 0) {
      for (const fault of unreadable) refuse(fault.message, path, fault.hint);
      continue;
    }
    const at = { file: SET, line: index + 1, column: 1 };
    const target = isEndOfTime(path) ? withoutEnds(current) : current;
    const result = setIn(target, path, 0, value, at);
    if (typeof result === 'string') refuse(result, path);
    else current = result;
  }
  return { root: current, faults };
}

const parsePath = (key: string): FieldPath =>
  [...key.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index)));

const isEndOfTime = (path: FieldPath): boolean => path.length === 2 && path[0] === 'time' && (path[1] === 't1' || path[1] === 'duration');

/** The tree with the value in it, or why there is no such place. Maps on the way are made, list items are not. */
function setIn(node: Located, path: FieldPath, depth: number, value: Located, at: Position): Located | string {
  const key = path[depth];
  if (key === undefined) return { ...value, at };
  const here = depth === 0 ? 'the scenario' : `\`${formatPath(path.slice(0, depth))}\``;
  if (typeof key === 'number') {
    if (node.kind !== 'list') return `${here} is not a list`;
    const item = childOf(node, key);
    if (item === undefined) return `${here} has no item ${key}; it has ${node.items.length}, counted from 0`;
    const changed = setIn(item, path, depth + 1, value, at);
    return typeof changed === 'string' ? changed : { ...node, items: node.items.with(key, changed) };
  }
  if (node.kind !== 'map' && !(node.kind === 'scalar' && node.value === null)) return `${here} is not a map`;
  const map = node.kind === 'map' ? node : { kind: 'map' as const, at, entries: new Map<string, Located>() };
  const child = map.entries.get(key) ?? emptyMap(at);
  const changed = setIn(child, path, depth + 1, value, at);
  return typeof changed === 'string' ? changed : withEntry(map, key, changed);
}

const emptyMap = (at: Position): Located => ({ kind: 'map', at, entries: new Map() });
