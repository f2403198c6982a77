import type { z } from 'zod';
import type { FieldPath } from '../contract/tick-source.js';
import type { Finding } from './located.js';
import { fieldsOf, meantOption, optionsOf, requiredFields, resolve, schemaAt, valueAt } from './schema-walk.js';
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
  const options = optionsOf(schemaAt(schema, value, path) ?? schema) ?? [];
  const found = valueAt(value, path);
  const meant = meantOption(options, found);
  const branch = meant === null ? undefined : issue.errors[meant];
  if (branch) return branch.flatMap((inner) => explain(schema, value, inner, [...path, ...(inner.path as FieldPath)]));
  const starts = options.map((option) =>
    requiredFields(option)
      .map((name) => `\`${name}\``)
      .join(', '),
  );
  const expected = `expected a map with ${starts.join('; or with ')}`;
  if (typeof found !== 'object' || found === null || Array.isArray(found)) return [{ path, message: `${expected}; found ${describe(found)}` }];
  const keys = Object.keys(found);
  if (keys.length === 0) return [{ path, message: `${expected}; found an empty map` }];
  return keys.map((key) =>
    unknownKey(
      [...path, key],
      options.flatMap((option) => fieldsOf(option) ?? []),
      expected,
    ),
  );
}

/** An unknown key, with the known one that was probably meant, else with all there are. */
export function unknownKey(path: FieldPath, known: readonly string[], otherwise?: string): Finding {
  const key = String(path.at(-1));
  const near = suggest(key, known);
  const hint = near === undefined ? (otherwise ?? (known.length === 0 ? undefined : `known here: ${known.join(', ')}`)) : `did you mean \`${near}\`?`;
  return { path, message: `unknown key \`${key}\``, ...(hint === undefined ? {} : { hint }) };
}

function explainValue(issue: Issue, found: unknown): { message: string; hint?: string } {
  if (found === undefined) return { message: 'is missing' };
  switch (issue.code) {
    case 'invalid_type':
      // The schema's own words, where it has some: quotes do not make a duration of a number.
      if (!issue.message.startsWith('Invalid input')) return { message: `${issue.message}; found ${describe(found)}` };
      return { message: `expected ${KINDS[issue.expected] ?? issue.expected}, found ${describe(found)}`, ...typeHint(issue.expected, found) };
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof found === 'string' ? suggest(found, values) : undefined;
      return {
        message: `expected ${values
          .map((value) => `\`${value}\``)
          .join(', ')
          .replace(/, ([^,]*)$/, ' or $1')}, found ${describe(found)}`,
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
