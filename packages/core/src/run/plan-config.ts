import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { z } from 'zod';
import type { ConfigSchema } from '../contract/plugin.js';
import type { FieldLocator, FieldPath } from '../contract/tick-source.js';
import { messageOf, SatsimError, type ScenarioFault } from '../errors.js';
import { faultAt } from '../scenario/fault-at.js';
import type { Finding } from '../scenario/located.js';
import { zodFindings } from '../scenario/zod-faults.js';

/** A plugin's part of the scenario, parsed by the plugin's own schema. */
export interface ParsedConfig {
  readonly config: unknown;
  readonly faults: readonly ScenarioFault[];
}

/**
 * Checks the block at `path` with any Standard Schema; faults are located in the scenario file.
 * @throws SatsimError PLUGIN_INVALID when the schema itself fails
 */
export async function parseConfig(
  { packageName, definition }: { readonly packageName: string; readonly definition: { readonly config: ConfigSchema<unknown> } },
  block: unknown,
  path: FieldPath,
  locate: FieldLocator,
): Promise<ParsedConfig> {
  let result: StandardSchemaV1.Result<unknown>;
  // An empty block (`jsonl:` and nothing after it) is null in YAML and means the defaults.
  const given = block ?? {};
  try {
    result = await definition.config['~standard'].validate(given);
  } catch (cause) {
    throw new SatsimError('PLUGIN_INVALID', `plugin ${packageName}: its configuration schema fails: ${messageOf(cause)}`, { cause });
  }
  if (!result.issues) return { config: result.value, faults: [] };
  const faults = findingsOf(definition.config, given, result.issues).map((found) => faultAt(locate, [...path, ...found.path], found.message, found.hint));
  return { config: undefined, faults };
}

/** Of zod, whoever's copy it is, in the words that faults of core's own sections have; of any other in its own. */
function findingsOf(schema: ConfigSchema<unknown>, value: unknown, issues: readonly StandardSchemaV1.Issue[]): readonly Finding[] {
  if (isZod(schema)) return zodFindings(schema, value, issues as readonly z.core.$ZodIssue[]);
  return issues.map((issue) => ({ path: issuePath(issue), message: issue.message }));
}

function isZod(schema: ConfigSchema<unknown>): schema is ConfigSchema<unknown> & z.core.$ZodType {
  return schema['~standard'].vendor === 'zod' && '_zod' in schema;
}

function issuePath(issue: StandardSchemaV1.Issue): FieldPath {
  return (issue.path ?? []).map((part) => {
    const key = typeof part === 'object' ? part.key : part;
    return typeof key === 'number' ? key : String(key);
  });
}
