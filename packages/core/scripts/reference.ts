import { readFileSync } from 'node:fs';
import { pluginManifestSchema } from '@satsim/core';
import { type ContractCase, exporterContract, laneContract, laneProperties, tickSourceContract, translatorContract } from '@satsim/core/testing';
import { z } from 'zod';
import { type Declaration, declarationsOf, reexports } from './declarations.ts';

/** Modules of the contract by section. What has a page of its own is left out: the scenario file, the table of errors. */
const CONTRACT: readonly { readonly title: string; readonly about: string; readonly modules: readonly string[] }[] = [
  { title: 'A plugin module', about: 'What `export default definePlugin(…)` takes.', modules: ['plugin'] },
  { title: 'Lane', about: 'From ticks to a network, a simulation, an analysis.', modules: ['lane', 'provenance'] },
  { title: 'Exporter', about: 'From a run to a format of its own.', modules: ['exporter'] },
  { title: 'Translator', about: 'From a foreign description to a scenario.', modules: ['translator'] },
  { title: 'Tick source', about: 'Where ticks come from.', modules: ['tick-source'] },
  { title: 'Ticks, links and nodes', about: 'What flows.', modules: ['tick', 'column-tick', 'link-table', 'network'] },
  { title: 'Results', about: 'What lanes report, and what the run says of itself.', modules: ['results'] },
  { title: 'What a plugin is given', about: 'Parts of the `deps` of its factory.', modules: ['services'] },
];
const MANY = 8;
const SCHEMAS = ['pluginManifestSchema', 'ERRORS'];

/** docs/reference.md, from the doc comments of the built declarations, the manifest's schema and the kit's rules. */
export function reference(): string {
  return `${[
    '# Reference of the contracts',
    'Made of the doc comments by `npm run api`: change those, not this page. How to begin is in [writing-a-plugin.md](writing-a-plugin.md); the keys of a',
    'scenario are in [scenario.md](scenario.md), codes of errors in [errors.md](errors.md), and what may change when in [compatibility.md](compatibility.md).',
  ].join('\n')}\n\n${[manifest(), ...CONTRACT.map(contractSection), errors(), kit()].join('\n\n')}\n`;
}

function contractSection({ title, about, modules }: (typeof CONTRACT)[number]): string {
  const declarations = modules.flatMap((module) => declarationsOf(dts(`contract/${module}`)));
  return [`## ${title}`, about, ...declarations.filter(({ name }) => !SCHEMAS.includes(name)).map(item)].join('\n\n');
}

function errors(): string {
  const declarations = declarationsOf(dts('errors')).filter(({ name, exported }) => exported && !SCHEMAS.includes(name));
  return [
    '## Errors',
    'What a plugin throws when it knows what is wrong; anything else is reported as a defect of the plugin.',
    ...declarations.map(item),
  ].join('\n\n');
}

function kit(): string {
  const items = reexports(dts('testing/index')).flatMap(({ module, names }) =>
    declarationsOf(dts(`testing/${module}`)).filter(({ name, exported }) => exported && names?.includes(name) !== false),
  );
  return ['## Contract test kit', '`@satsim/core/testing`: rules as data, for any test runner.', rules(), ...items.map(item)].join('\n\n');
}

/** Each rule and what its harness must bring, as the kit itself tells when it gets nothing. */
function rules(): string {
  const nothing = (): never => {
    throw new Error('only the names of the rules are wanted');
  };
  const kinds: readonly (readonly [kind: string, cases: readonly ContractCase[]])[] = [
    ['lane', [...laneContract(nothing), ...laneProperties(nothing, {})]],
    ['exporter', exporterContract(nothing)],
    ['translator', translatorContract(nothing, { samples: [] })],
    ['tick-source', tickSourceContract(nothing)],
  ];
  const rows = kinds.flatMap(([kind, cases]) =>
    cases.map(({ rule, skip }) => `| ${kind} | ${rule} | ${skip === false ? '–' : `\`${skip.split(' ').at(-1)}\``} |`),
  );
  return ['| kind | rule | needs of the harness |', '|---|---|---|', ...rows].join('\n');
}

function manifest(): string {
  const schema = z.toJSONSchema(pluginManifestSchema, { io: 'input' }) as JsonSchema;
  return [
    '## The plugin manifest',
    declarationsOf(dts('contract/plugin')).find(({ name }) => name === 'pluginManifestSchema')!.comment,
    ['| field | type | | meaning |', '|---|---|---|---|', ...manifestRows(schema, '')].join('\n'),
  ].join('\n\n');
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

function manifestRows({ properties = {}, required = [] }: JsonSchema, path: string): string[] {
  return Object.entries(properties).flatMap(([key, value]) => {
    const inner = value.items?.properties ? value.items : value;
    const whole = `${path}${key}${value.items?.properties ? '[]' : ''}`;
    const presence = required.includes(key)
      ? 'required'
      : value.default === undefined || value.properties
        ? 'optional'
        : `\`${JSON.stringify(value.default)}\` if left out`;
    return [`| \`${whole}\` | ${typeName(value)} | ${presence} | ${value.description ?? ''} |`, ...manifestRows(inner, `${whole}.`)];
  });
}

function typeName(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) {
    const words = schema.enum.map((one) => `\`${one}\``);
    return words.length <= MANY ? words.join(', ') : `${words.slice(0, 2).join(', ')} … (${words.length})`;
  }
  if (schema.items) return schema.items.properties ? 'list' : `list of ${typeName(schema.items)}`;
  return schema.pattern === undefined ? (schema.type ?? '') : `\`${schema.pattern}\``;
}

function item({ name, comment, code }: Declaration): string {
  return [`### ${name}`, comment, `\`\`\`ts\n${code}\n\`\`\``].filter((part) => part !== '').join('\n\n');
}

function dts(module: string): string {
  return readFileSync(new URL(`../dist/${module.replace(/^(.*\/)?\.\//, '$1')}.d.ts`, import.meta.url), 'utf8');
}
