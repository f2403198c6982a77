import { faultAt, ScenarioError } from '@satsim/core';
import type { FieldLocator, FieldPath, LoadedPlugin } from '@satsim/core';

/**
 * A plugin's part of the scenario, by the plugin's own schema.
 * @throws ScenarioError with all faults
 */
export async function parsedConfig(plugin: LoadedPlugin<'exporter' | 'tick-source'>, block: unknown, path: FieldPath, locate: FieldLocator): Promise<unknown> {
  const result = await plugin.definition.config['~standard'].validate(block ?? {});
  if (!result.issues) return result.value;
  throw new ScenarioError(
    result.issues.map(({ message, path: inner = [] }) => {
      const keys = inner.map((part) => (typeof part === 'object' ? part.key : part)).map((key) => (typeof key === 'number' ? key : String(key)));
      return faultAt(locate, [...path, ...keys], message);
    }),
  );
}
