import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ConfigSchema } from '../contract/plugin.js';
import { NOT_YET_IMPLEMENTED, scenarioSchema } from '../contract/scenario.js';
import { scenarioJsonSchema } from './json-schema.js';

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node | boolean;
  readonly additionalProperties?: Node | boolean;
  readonly anyOf?: readonly Node[];
  readonly default?: unknown;
  readonly description?: string;
}

/** Key paths with all defaults they have: options of a union may share a key. */
function keyPaths(node: Node, path = '', found = new Map<string, unknown[]>()): Map<string, unknown[]> {
  if (path !== '' && !path.endsWith('[]')) found.set(path, [...(found.get(path) ?? []), ...(node.default === undefined ? [] : [node.default])]);
  for (const [key, child] of Object.entries(node.properties ?? {})) keyPaths(child, path === '' ? key : `${path}.${key}`, found);
  if (typeof node.items === 'object') keyPaths(node.items, `${path}[]`, found);
  if (path !== '' && typeof node.additionalProperties === 'object' && Object.keys(node.additionalProperties).length > 0)
    keyPaths(node.additionalProperties, `${path}.*`, found);
  for (const option of node.anyOf ?? []) keyPaths(option, path, found);
  return found;
}

const example = {
  include: ['base.yaml'],
  name: 'example',
  time: { t0: '2026-11-20T00:00:00Z', duration: '10m' },
  constellation: [
    { walker: { name: 'A', planes: 2, per_plane: 3, altitude_km: 780, inclination_deg: 86.4 } },
    { elements: { file: 'a.tle', select: { altitude_km: [500, 600] } } },
  ],
  ground: [{ id: 'oslo', lat: 59.91, lon: 10.75 }, { cities: { top: 3 } }],
  links: { isl: { pattern: 'explicit', pairs: [['A-1-1', 'A-1-2']] } },
  mininet: { controller: { type: 'builtin' } },
};

describe('the JSON Schema of the scenario file', () => {
  const schema = scenarioJsonSchema() as Node & { $schema: string; title: string };
  const paths = keyPaths(schema);
  const byJsonSchema = z.fromJSONSchema(schema as never);

  it('is draft 2020-12 with a title and knows the keys of every section', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.title).toBe('satsim scenario');
    for (const key of ['include', ...Object.keys(scenarioSchema.shape), 'constellation[].walker.planes', 'ground[].csv.columns.lat', 'terminals.*.eirp_dbw'])
      expect([...paths.keys()]).toContain(key);
  });

  it('describes every key', () => {
    const bare: string[] = [];
    const visit = (node: Node, path: string): void => {
      for (const [key, child] of Object.entries(node.properties ?? {})) {
        if (child.description === undefined) bare.push(`${path}${key}`);
        visit(child, `${path}${key}.`);
      }
      for (const child of [node.items, node.additionalProperties, ...(node.anyOf ?? [])]) if (typeof child === 'object') visit(child, path);
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });

  it('accepts a file as people write it: defaults left out, an include, the block of a lane', () => {
    expect(byJsonSchema.safeParse(example).error).toBeUndefined();
  });

  it.each([
    ['a wrong type', { ...example, seed: 'x' }],
    ['an unknown key', { ...example, time: { ...example.time, dtt: '1s' } }],
    ['a missing key', { ...example, time: undefined }],
    ['a walker without planes', { ...example, constellation: [{ walker: { name: 'A' } }] }],
  ])('refuses %s', (_, file) => {
    expect(byJsonSchema.safeParse(JSON.parse(JSON.stringify(file))).success).toBe(false);
  });
});

describe('with the plugins that are installed', () => {
  const deep = z.strictObject({ depth: z.int().min(1).default(3).describe('How deep') }).prefault({});
  interface Tree {
    readonly children: readonly Tree[];
  }
  const tree: z.ZodType<Tree> = z.strictObject({
    get children() {
      return z.array(tree);
    },
  });
  const untold = { '~standard': { version: 1 as const, vendor: 'other', validate: (value: unknown) => ({ value }) } };
  const schema = scenarioJsonSchema({
    lanes: new Map<string, ConfigSchema<unknown> | null>([
      ['mininet', deep],
      ['tree', tree],
      ['dated', z.strictObject({ at: z.date() })],
      ['other', untold],
      ['broken', null],
    ]),
    exporters: new Map([['csv', deep]]),
  });
  const takes = (more: object): boolean => z.fromJSONSchema(schema as never).safeParse({ ...example, mininet: {}, ...more }).success;

  it.each([
    ['a block and its options', { mininet: { depth: 2 }, exporters: { csv: { depth: 2 } } }],
    ['an empty block', { mininet: null, exporters: { csv: null } }],
    ['anything in the block of a lane whose schema cannot be told', { other: { x: 1 }, dated: { x: 1 }, broken: { x: 1 } }],
  ])('accepts %s', (_, more) => {
    expect(takes(more)).toBe(true);
  });

  it.each([
    ['an unknown option', { mininet: { dept: 2 } }],
    ['a wrong value', { mininet: { depth: 0 } }],
    ['an unknown option of an exporter', { exporters: { csv: { dept: 2 } } }],
    ['an exporter that is not installed', { exporters: { parquet: {} } }],
    ['a lane that is not installed', { ns3: {} }],
  ])('refuses %s', (_, more) => {
    expect(takes(more)).toBe(false);
  });

  it('a block that refers to itself does so by an id of its own', () => {
    const { properties } = schema as { properties: { tree: { anyOf: [{ $id: string }] } } };
    expect(properties.tree.anyOf[0].$id).toBe('urn:satsim:lane:tree');
  });
});

describe('docs/scenario.md', () => {
  const text = readFileSync(new URL('../../../../docs/scenario.md', import.meta.url), 'utf8');
  const rows = new Map(
    [...text.matchAll(/^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \| ([^|]*)\|$/gm)].map((row) => [row[1]!, { fallback: row[3]!.trim(), meaning: row[4]! }]),
  );
  const paths = keyPaths(scenarioJsonSchema());

  it('has a row for every key of the schema, and no other', () => {
    expect([...paths.keys()].filter((path) => !rows.has(path))).toEqual([]);
    expect([...rows.keys()].filter((path) => !paths.has(path))).toEqual([]);
  });

  it('gives the defaults of the schema', () => {
    for (const [path, defaults] of paths) {
      if (defaults.length === 0) expect.soft(rows.get(path)?.fallback, path).not.toMatch(/^`/);
      else
        expect
          .soft(
            defaults.map((value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``),
            path,
          )
          .toContain(rows.get(path)?.fallback);
    }
  });

  it('says of every key that is not implemented yet that it is not', () => {
    for (const { key } of NOT_YET_IMPLEMENTED) expect.soft(rows.get(key.split(':')[0]!)?.meaning, key).toContain('not implemented yet');
  });
});
