import type { StandardJSONSchemaV1 } from '@standard-schema/spec';
import { z } from 'zod';
import type { ConfigSchema } from '../contract/plugin.js';
import { scenarioSchema } from '../contract/scenario.js';

/** By name, the schemas of what plugins add to a scenario file; `null` of one that could not be had. */
export interface PluginSchemas {
  readonly lanes: ReadonlyMap<string, ConfigSchema<unknown> | null>;
  readonly exporters: ReadonlyMap<string, ConfigSchema<unknown> | null>;
}

const TARGET = 'draft-2020-12';

/**
 * JSON Schema (draft 2020-12) of what a scenario file may say, for editors.
 *
 * @param plugins those that are installed: their blocks are described as well, and no others are allowed. Without them every further
 * top-level key is taken for the block of a lane. Of a schema that can't be told as JSON Schema everything is allowed.
 */
export function scenarioJsonSchema(plugins?: PluginSchemas): object {
  const { $schema, properties, ...rest } = z.toJSONSchema(scenarioSchema, { target: TARGET, io: 'input' });
  const file = { type: 'string', minLength: 1 };
  const include = { description: 'Files merged below this one, relative to it; lists are replaced, not joined', anyOf: [file, { type: 'array', items: file }] };
  const head = { $schema, title: 'satsim scenario' };
  if (plugins === undefined) {
    const description = 'A satellite network, its time span and its traffic. Keys beyond those described are blocks of lanes.';
    return { ...head, description, ...rest, properties: { include, ...properties } };
  }
  const exporters = { ...(properties!['exporters'] as object), properties: blocks(plugins.exporters, 'exporter'), additionalProperties: false };
  return {
    ...head,
    description: 'A satellite network, its time span and its traffic, with the blocks of the lanes and exporters that are installed here.',
    ...rest,
    properties: { include, ...properties, exporters, ...blocks(plugins.lanes, 'lane') },
    additionalProperties: false,
  };
}

/** An empty block is null in YAML, and means the defaults. */
function blocks(schemas: PluginSchemas['lanes'], kind: string): object {
  return Object.fromEntries(
    [...schemas].map(([name, schema]) => [
      name,
      { description: `Of the ${kind} ${name}`, anyOf: [blockSchema(schema, `urn:satsim:${kind}:${name}`), { type: 'null' }] },
    ]),
  );
}

/** Has an id of its own where it refers to itself. */
function blockSchema(schema: ConfigSchema<unknown> | null, id: string): object {
  const standard: Partial<StandardJSONSchemaV1.Props> | undefined = schema?.['~standard'];
  let told: Record<string, unknown> | undefined;
  try {
    told = standard?.jsonSchema?.input({ target: TARGET });
  } catch {
    // It says something that JSON Schema has no words for.
  }
  if (told === undefined) return {};
  const { $schema: _, ...block } = told;
  return JSON.stringify(block).includes('"$ref"') ? { $id: id, ...block } : block;
}
