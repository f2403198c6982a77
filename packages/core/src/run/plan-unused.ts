import type { Scenario } from '../contract/scenario.js';
import { isSatsimError, type ScenarioFault } from '../errors.js';
import type { PluginRegistry } from '../plugin/registry.js';
import { selectLanes } from '../scenario/select-lanes.js';
import type { LoadedScenario } from '../scenario/types.js';
import { parseConfig } from './plan-config.js';

/**
 * Blocks of installed lanes that the run does not use: a fault in one is told as in any other, so that it does not wait for the
 * day when the lane is chosen. One that says something, and whose lane the scenario itself does not choose either, is told as well:
 * it may be thought to count. A recorded run has blocks as they were; nobody can change them.
 *
 * @param chosen names of the run's lanes
 */
export async function unusedBlocks(
  { locate, inputs }: LoadedScenario,
  scenario: Scenario,
  registry: Pick<PluginRegistry, 'names' | 'load'>,
  chosen: readonly string[],
): Promise<{ readonly faults: readonly ScenarioFault[]; readonly warnings: readonly string[] }> {
  const faults: ScenarioFault[] = [];
  const warnings: string[] = [];
  if (inputs !== undefined) return { faults, warnings };
  const installed = registry.names('lane');
  const ofScenario = selectLanes(scenario, {}, installed);
  for (const name of installed.filter((lane) => Object.hasOwn(scenario, lane) && !chosen.includes(lane))) {
    if (!ofScenario.includes(name) && Object.keys(scenario[name] ?? {}).length > 0)
      warnings.push(`block \`${name}\` is not used: lanes are ${chosen.join(', ')}`);
    try {
      faults.push(...(await parseConfig(await registry.load('lane', name), scenario[name], [name], locate)).faults);
    } catch (error) {
      if (!isSatsimError(error)) throw error;
      warnings.push(`block \`${name}\` is not checked: ${error.message}`);
    }
  }
  return { faults, warnings };
}
