import type { z } from 'zod';
import type { FieldPath } from '../contract/tick-source.js';
import type { Finding } from './located.js';
import { fieldsOf, meantOption, optionsOf, requiredFields, resolve, schemaAt, valueAt, writtenAs } from './schema-walk.js';
import { suggest } from './suggest.js';

type Issue = z.core.$ZodIssue;

/** What a schema found wrong with a value, in words for people: what is expected, what was found, what was probably meant. */
export function zodFindings(schema: z.core.$ZodType, value: unknown, issues: readonly Issue[]): Finding[] {
  return issues.flatMap((issue) => explain(schema, value, issue, issue.path as FieldPath));
}

function explain(schema: z.core.$ZodType, value: unknown, issue: Issue, path: FieldPath): Finding[] {
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') {
    const here = schemaAt(schema, value, path);
    const known = (here && fieldsOf(resolve(here, found))) ?? [];
    return issue.keys.map((key) => unknownKey([...path, key], known));
  }
  if (issue.code === 'invalid_union') return explainUnion(schema, value, issue, path);
  return [{ path, ...explainValue(issue, found) }];
}

/** Speaks of the one option that was meant. */
function explainUnion(schema: z.core.$ZodType, value: unknown, issue: z.core.$ZodIssueInvalidUnion, path: FieldPath): Finding[] {
  const options = optionsOf(schemaAt(schema, value, path) ?? schema);
  const found = valueAt(value, path);
  // A key that tells the options apart, and has a value of none of them.
  if (options === null) return [{ path, ...explainValue(issue, found) }];
  const meant = kindOf(found) === 'object' ? meantOption(options, found) : onlyOne(options, found);
  const branch = meant === null ? undefined : issue.errors[meant];
  if (branch) return branch.flatMap((inner) => explain(schema, value, inner, [...path, ...(inner.path as FieldPath)]));
  const expected = `expected ${nameOptions(options)}`;
  if (kindOf(found) !== 'object' || !options.some((option) => writtenAs(option)?.kind === 'object'))
    return [{ path, message: `${expected}; found ${describe(found)}` }];
  const keys = Object.keys(found as object);
  if (keys.length === 0) return [{ path, message: `${expected}; found an empty map` }];
  return keys.map((key) =>
    unknownKey(
      [...path, key],
      options.flatMap((option) => fieldsOf(option) ?? []),
      expected,
    ),
  );
}

/** Index of the option that alone is written like the value. */
function onlyOne(options: readonly z.core.$ZodType[], found: unknown): number | null {
  const alike = options.flatMap((option, index) => (writtenAs(option)?.kind === kindOf(found) ? [index] : []));
  return alike.length === 1 ? alike[0]! : null;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return value === null ? 'null' : typeof value;
}

function nameOptions(options: readonly z.core.$ZodType[]): string {
  const names = options.map((option) => {
    const written = writtenAs(option);
    if (written === null) return 'something else';
    const fields = requiredFields(option).map((name) => `\`${name}\``);
    if (fields.length > 0) return `a map with ${fields.join(', ')}`;
    return written.words === undefined ? KINDS[written.kind] : wordList(written.words.map(String));
  });
  return names.join('; or ').replaceAll('; or a map with', '; or with');
}

/** An unknown key, with the known one that was probably meant, else with all there are. */
export function unknownKey(path: FieldPath, known: readonly string[], otherwise?: string): Finding {
  const key = String(path.at(-1));
  const near = suggest(key, known);
  const hint = near === undefined ? (otherwise ?? (known.length === 0 ? undefined : `known here: ${known.join(', ')}`)) : `did you mean \`${near}\`?`;
  return { path, message: `unknown key \`${key}\``, ...(hint === undefined ? {} : { hint }) };
}

function explainValue(issue: Issue, found: unknown): { message: string; hint?: string } {
  if (found === undefined) return { message: issue.code === 'custom' ? issue.message : 'is missing' };
  switch (issue.code) {
    case 'invalid_type':
      // The schema's own words, where it has some: quotes do not make a duration of a number.
      if (!issue.message.startsWith('Invalid input')) return { message: `${issue.message}; found ${describe(found)}` };
      return { message: `expected ${KINDS[issue.expected] ?? issue.expected}, found ${describe(found)}`, ...typeHint(issue.expected, found) };
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof found === 'string' ? suggest(found, values) : undefined;
      return {
        message: `expected ${wordList(values)}, found ${describe(found)}`,
        ...(near === undefined ? {} : { hint: `did you mean \`${near}\`?` }),
      };
    }
    case 'too_small':
      return { message: explainBound(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least', found) };
    case 'too_big':
      return { message: explainBound(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most', found) };
    case 'invalid_key':
      return { message: 'this key cannot be used here' };
    default:
      return { message: `${issue.message}; found ${describe(found)}` };
  }
}

function wordList(words: readonly string[]): string {
  return words
    .map((word) => `\`${word}\``)
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
}

function explainBound(origin: string, bound: number | bigint, relation: string, found: unknown): string {
  if (origin === 'string') return found === '' ? 'must not be empty' : `must have ${relation} ${bound} characters`;
  if (origin === 'array' || origin === 'set') return `must have ${relation} ${bound} ${bound === 1 ? 'item' : 'items'}, found ${describe(found)}`;
  return `must be ${relation} ${bound}, found ${describe(found)}`;
}

function typeHint(expected: string, found: unknown): { hint?: string } {
  const isNumber = typeof found === 'string' && found.trim() !== '' && Number.isFinite(Number(found));
  if ((expected === 'number' || expected === 'int') && isNumber) return { hint: 'take away the quotes' };
  return expected === 'string' && (typeof found === 'number' || typeof found === 'boolean') ? { hint: 'put it in quotes' } : {};
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
  tuple: 'a list',
};

/** A value as a message names it, never long. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length} ${value.length === 1 ? 'item' : 'items'}`;
  if (typeof value === 'object') return 'a map';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.length > 60 ? `the text ${JSON.stringify(value.slice(0, 57))}…` : `the text ${JSON.stringify(value)}`;
}
