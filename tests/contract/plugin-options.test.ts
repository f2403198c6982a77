import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, scenarioJsonSchema } from '@satsim/core';
import type { PluginSchemas } from '@satsim/core';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PAGE = join(root, 'docs/scenario.md');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly description?: string;
}

/** Keys that say nothing of themselves, also those of groups and of lists. */
function undescribed({ properties = {}, items }: Schema, prefix = ''): readonly string[] {
  const own = Object.entries(properties).flatMap(([key, child]) => [
    ...(child.description ? [] : [`${prefix}${key}`]),
    ...undescribed(child, `${prefix}${key}.`),
  ]);
  return items ? [...own, ...undescribed(items, prefix)] : own;
}

/** Every option with its default, by its path in the block. */
function optionsOf({ properties = {} }: Schema, prefix = ''): readonly (readonly [path: string, fallback: unknown])[] {
  return Object.entries(properties).flatMap(([key, child]) =>
    child.properties ? optionsOf(child, `${prefix}${key}.`) : [[`${prefix}${key}`, child.default] as const],
  );
}

const registry = await discoverPlugins({ cwd: root, hostPackageJson: join(root, 'packages/cli/package.json'), extra: [] });
const schemasOf = async (kind: 'lane' | 'exporter'): Promise<PluginSchemas['lanes']> =>
  new Map(await Promise.all(registry.names(kind).map(async (name) => [name, (await registry.load(kind, name)).definition.config] as const)));
const lanes = await schemasOf('lane');
const exporters = await schemasOf('exporter');
const { properties } = scenarioJsonSchema({ lanes, exporters }) as { properties: Record<string, Schema> };
const blocks = new Map([
  ...[...lanes.keys()].map((name) => [name, properties[name]!.anyOf![0]!] as const),
  ...[...exporters.keys()].map((name) => [`exporters.${name}`, properties['exporters']!.properties![name]!.anyOf![0]!] as const),
]);

const section = readFileSync(PAGE, 'utf8').split('## Blocks of lanes and exporters\n')[1]!.split('\n## ')[0]!;
const rows = new Map(
  [...section.matchAll(/^\| `([^`]+)` \| (.*) \| \[.*\]\((.*)\) \|$/gm)].map(([, block, keys, link]) => [block!, { keys: keys!, link: link! }]),
);

describe('docs/scenario.md, blocks of lanes and exporters', () => {
  it('has a row for each that is installed, and no other', () => {
    expect([...rows.keys()].toSorted()).toEqual([...blocks.keys()].toSorted());
  });

  it.each([...blocks])('%s: all its keys, and a page with every option and its default', (block, schema) => {
    const { keys, link } = rows.get(block)!;
    const names = Object.keys(schema.properties!);
    expect(keys).toBe(names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', '));
    const page = readFileSync(join(dirname(PAGE), link), 'utf8').split('\n');
    for (const [path, fallback] of optionsOf(schema)) {
      const shown = fallback === undefined ? '' : ` | \`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\` | `;
      expect
        .soft(
          page.some((line) => line.startsWith(`| \`${path}\` | `) && line.includes(shown)),
          `${path}${shown}`,
        )
        .toBe(true);
    }
  });
});

it.each([...blocks])('%s: the JSON Schema says of every key what it is', (_, schema) => {
  expect(undescribed(schema)).toEqual([]);
});
