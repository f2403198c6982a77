import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { configSchema } from './config.js';

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly description?: string;
  readonly required?: readonly string[];
}

/** One row of the page for every key of the schema. */
function rows(): readonly string[] {
  return rowsOf(z.toJSONSchema(configSchema, { io: 'input' }) as Schema, '');
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const key = `${prefix}${name}`;
    if (schema.properties) return rowsOf(schema, `${key}.`);
    const fallback =
      schema.default === undefined ? (required.includes(name) ? 'required' : '–') : `\`${JSON.stringify(schema.default).replace(/^"(.*)"$/, '$1')}\``;
    const row = `| \`${key}\` | ${valueOf(schema)} | ${fallback} | ${schema.description ?? ''} |`;
    return schema.items?.properties ? [row, ...rowsOf(schema.items, `${key}[].`)] : [row];
  });
}

function valueOf({ type, items, anyOf, enum: values }: Schema): string {
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (anyOf) return anyOf.map(valueOf).join(' or ');
  if (type === 'array') return `list of ${items?.properties ? 'commands' : valueOf(items ?? {})}`;
  return type === 'integer' ? 'whole number' : type === 'string' ? 'text' : (type ?? '');
}

describe('docs/lane-mininet.md', () => {
  const page = readFileSync(new URL('../../../docs/lane-mininet.md', import.meta.url), 'utf8');

  test('has a row for every key of the schema, with its values, default and meaning, and no other', () => {
    const block = page.slice(page.indexOf('## The block `mininet:`'), page.indexOf('## Troubleshooting'));
    expect(block.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows());
  });

  test('says the formulas with the figures of the code', () => {
    expect(page).toContain('rate × delay in packets of 500 bytes, and rate × 0.1 s in frames of 1514 bytes (four at least), and one more');
    expect(page).toContain('2 ms at the rate, at least two frames');
  });
});
