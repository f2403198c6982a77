import { formatPath, SatsimError } from '@satsim/core';
import { isCollection, parseDocument } from 'yaml';
import type { Parameters } from './cells.js';
import type { Matcher } from './definition.js';

/** Values as `--set` of the command takes them, by path in one order: the same parameters, the same scenario. */
export function assignments(...groups: readonly Parameters[]): readonly string[] {
  return groups.flatMap((parameters) =>
    Object.entries(parameters)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, value]) => `${path}=${literal(value)}`),
  );
}

/** JSON is YAML; only `$${` is no reference to the environment. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('${', () => '$${');
}

/**
 * `path=v1,v2`: the items of a YAML list without its brackets.
 * @throws SatsimError USAGE
 */
export function parseGrid(text: string): readonly [path: string, values: readonly unknown[]] {
  const [path, values] = split(text, '--grid', 'path=value,value');
  return [path, parseList(values, `--grid ${text}`)];
}

/**
 * `--set` of a sweep: as a scenario's, the value read as YAML.
 * @throws SatsimError USAGE
 */
export function parseSet(text: string): readonly [path: string, value: unknown] {
  const [path, value] = split(text, '--set', 'path=value');
  return [path, parseValue(value, `--set ${text}`)];
}

/**
 * `parameter=value` or `parameter=value,value` of several options: different parameters must all fit, of one any value.
 * @throws SatsimError USAGE
 */
export function parseMatchers(texts: readonly string[], option: string): Matcher {
  const wanted = new Map<string, unknown[]>();
  for (const text of texts) {
    const [name, values] = split(text, option, 'parameter=value');
    // An id is text, also one of digits alone.
    const found = name === 'cell' ? values.split(',') : parseList(values, `${option} ${text}`);
    wanted.set(name, [...(wanted.get(name) ?? []), ...found]);
  }
  return Object.fromEntries(wanted);
}

function split(text: string, option: string, shape: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new SatsimError('USAGE', `${option} ${text}: expected ${shape}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function parseList(text: string, what: string): readonly unknown[] {
  const values = parseValue(`[${text}]`, what);
  if (!Array.isArray(values) || values.length === 0) throw new SatsimError('USAGE', `${what}: expected a value, or several with commas between them`);
  return values;
}

function parseValue(text: string, what: string): unknown {
  const document = parseDocument(text, { version: '1.2', prettyErrors: false, logLevel: 'error' });
  const [error] = [...document.errors, ...document.warnings];
  if (error) throw new SatsimError('USAGE', `${what}: this is not a YAML value: ${error.message}`);
  if (text.includes('${')) throw new SatsimError('USAGE', `${what}: environment variables are for the shell to fill in here`);
  return isCollection(document.contents) || document.contents ? document.toJS() : null;
}

/** A path as the loader counts it, so that `[007]` is `[7]`. */
export function canonicalPath(path: string): string {
  return formatPath([...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) => (index === undefined ? name! : Number(index))));
}
