import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CORE_VERSION, planRun } from '@satsim/core';
import type { PluginRegistry, RunPlan } from '@satsim/core';
import type { PlanCell } from '@satsim/sweep';
import { loadFile } from './plan-file.js';

/** The tick source that the embedded engine serves. */
const EMBEDDED = 'geomrf';

/** Plans one run of a scenario with values of its own, as `satsim run FILE --set …` does. */
export async function planWith(file: string, set: readonly string[], registry: PluginRegistry, checkEnvironment: boolean): Promise<RunPlan> {
  const loaded = await loadFile(file, { set, laneNames: registry.names('lane') });
  return planRun(loaded, registry, { checkEnvironment });
}

/** What a sweep has to know of each cell before any of them runs. */
export function planCellsOf(file: string, registry: PluginRegistry, checkEnvironment: boolean): PlanCell {
  const engineVersion = embeddedEngineVersion();
  return async (set) => {
    const { scenario, network, source, lanes, exporters } = await planWith(file, set, registry, checkEnvironment);
    const ours = source.name === EMBEDDED && scenario.geomrf.grpc_target === undefined;
    return {
      scenario: JSON.parse(JSON.stringify(scenario)) as Record<string, unknown>,
      inputs: [...network.inputs, ...(network.recording ? [network.recording] : [])].map(({ path, sha256 }) => ({ path, sha256 })),
      components: Object.fromEntries([
        ['@satsim/core', CORE_VERSION],
        ...[source, ...lanes, ...exporters].map(({ packageName, packageVersion }) => [packageName, packageVersion] as const),
      ]),
      engineVersion: ours ? engineVersion : null,
      artifactsRoot: scenario.paths.artifacts_root,
      emulates: lanes.some(({ contribution }) => contribution.pacing === 'realtime'),
    };
  };
}

function embeddedEngineVersion(): string {
  const file = fileURLToPath(import.meta.resolve('@satsim/geomrf-engine/package.json'));
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
