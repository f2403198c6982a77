import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { discoverPlugins, loadGivenScenario, loadScenario, planRun } from '@satsim/core';
import type { LoadedScenario, LoadOptions, PluginRegistry, RunPlan } from '@satsim/core';
import { overridesOf } from './scenario-options.js';
import type { ChoiceOptions, ScenarioOptions } from './scenario-options.js';

/** Of the host of plugins: what it depends on is found everywhere. */
export const HOST_PACKAGE_JSON = fileURLToPath(new URL('../package.json', import.meta.url));

/** The plugins that this command sees: those of the project it is called in, and its own. */
export function findPlugins(extra: readonly string[] | undefined): Promise<PluginRegistry> {
  return discoverPlugins({ cwd: process.cwd(), hostPackageJson: HOST_PACKAGE_JSON, extra: extra ?? [] });
}

/** `manifests/scenario.yaml` of a run directory is read with the files that the run read, wherever it is by now; any other as it stands. */
export function loadFile(file: string, options: Pick<LoadOptions, 'laneNames' | 'set'>): Promise<LoadedScenario> {
  const absolute = resolve(file);
  const runDir = dirname(dirname(absolute));
  const recorded = absolute === join(runDir, 'manifests', 'scenario.yaml') && existsSync(join(runDir, 'manifests', 'run.json'));
  return recorded ? loadGivenScenario(runDir, options) : loadScenario(file, options);
}

export interface ReadScenario {
  readonly registry: PluginRegistry;
  readonly loaded: LoadedScenario;
}

export async function readScenario(file: string, options: ScenarioOptions): Promise<ReadScenario> {
  const registry = await findPlugins(options.plugin);
  const loaded = await loadFile(file, { set: overridesOf(options), laneNames: registry.names('lane') });
  return { registry, loaded };
}

/**
 * Reads, checks and resolves a scenario; no side effect.
 * @throws ScenarioError with all faults; SatsimError PLUGIN_INVALID; MissingDependencyError when the environment is checked
 */
export async function planFile(
  file: string,
  options: ScenarioOptions & Partial<ChoiceOptions>,
  checkEnvironment: boolean,
): Promise<ReadScenario & { readonly plan: RunPlan }> {
  const { registry, loaded } = await readScenario(file, options);
  const plan = await planRun(loaded, registry, {
    lanes: options.lane ?? [],
    exporters: options.exporter ?? [],
    ...(options.mode === undefined ? {} : { mode: options.mode }),
    checkEnvironment,
  });
  return { registry, loaded, plan };
}
