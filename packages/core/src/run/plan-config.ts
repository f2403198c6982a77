import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { ConfigSchema } from '../contract/plugin.js';
import type { FieldLocator, FieldPath } from '../contract/tick-source.js';
import { messageOf, SatsimError, type ScenarioFault } from '../errors.js';
import { faultAt } from '../scenario/fault-at.js';

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
  try {
    // An empty block (`jsonl:` and nothing after it) is null in YAML and means the defaults.
    result = await definition.config['~standard'].validate(block ?? {});
  } catch (cause) {
    throw new SatsimError('PLUGIN_INVALID', `plugin ${packageName}: its configuration schema fails: ${messageOf(cause)}`, { cause });
  }
  if (!result.issues) return { config: result.value, faults: [] };
  return { config: undefined, faults: result.issues.map((issue) => faultAt(locate, [...path, ...issuePath(issue)], issue.message)) };
}

function issuePath(issue: StandardSchemaV1.Issue): FieldPath {
  return (issue.path ?? []).map((part) => {
    const key = typeof part === 'object' ? part.key : part;
    return typeof key === 'number' ? key : String(key);
  });
}
