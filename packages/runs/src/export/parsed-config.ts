import { parseConfig, ScenarioError } from '@satsim/core';
import type { FieldLocator, FieldPath, LoadedPlugin } from '@satsim/core';

/**
 * A plugin's part of the scenario, by the plugin's own schema.
 * @throws ScenarioError with all faults; SatsimError PLUGIN_INVALID when the schema itself fails
 */
export async function parsedConfig(plugin: LoadedPlugin<'exporter' | 'tick-source'>, block: unknown, path: FieldPath, locate: FieldLocator): Promise<unknown> {
  const { config, faults } = await parseConfig(plugin, block, path, locate);
  if (faults.length > 0) throw new ScenarioError(faults);
  return config;
}
