import type { PluginKind } from '../contract/plugin.js';
import type { ResolvedNetwork } from '../contract/network.js';
import type { Scenario } from '../contract/scenario.js';
import type { RunInfo } from '../contract/services.js';
import type { FieldPath } from '../contract/tick-source.js';
import { formatPath, isSatsimError, MissingDependencyError, SatsimError, ScenarioError, type ScenarioFault } from '../errors.js';
import type { LoadedPlugin, PluginRegistry } from '../plugin/registry.js';
import { formatMissing, type MissingRequirement, missingRequirements } from '../plugin/requirements.js';
import { faultAt } from '../scenario/fault-at.js';
import { selectLanes } from '../scenario/select-lanes.js';
import { timebase } from '../scenario/timebase.js';
import type { LoadedScenario } from '../scenario/types.js';
import { parseConfig } from './plan-config.js';
import { laneChecks, laneRemarks } from './plan-remarks.js';
import { packetFaults, ruleFaults } from './plan-rules.js';
import { unusedBlocks } from './plan-unused.js';
import type { PlannedPlugin, RunPlan } from './types.js';

export interface PlanChoice {
  /** `--lane`, repeatable */
  readonly lanes?: readonly string[];
  /** `--mode` */
  readonly mode?: string;
  /** `--exporter`, repeatable: besides those of the scenario. */
  readonly exporters?: readonly string[];
  /** Whether a program or permission that is missing here is an error, as before a run, or a warning, as in `validate`. */
  readonly checkEnvironment: boolean;
  readonly signal?: AbortSignal;
}

/** The tick source of a scenario that names none: the Geo/RF engine. */
const TICK_SOURCE = 'geomrf';
/** That of a scenario with `ticks.trace`. */
const REPLAY_SOURCE = 'replay';

/**
 * Chooses, imports and configures the plugins of a run and resolves its network. Reads files, writes nothing and starts
 * nothing.
 * @throws ScenarioError with all faults of the scenario at once
 * @throws SatsimError PLUGIN_INVALID when plugins that the command line names are unknown, or ones that are named are unsound: all at once
 * @throws MissingDependencyError when this machine lacks what a chosen plugin needs and the environment is to be checked
 */
export async function planRun(loaded: LoadedScenario, registry: Pick<PluginRegistry, 'names' | 'load' | 'faults'>, choice: PlanChoice): Promise<RunPlan> {
  const { scenario } = loaded;
  if (scenario === null) throw new ScenarioError(loaded.faults);
  const faults: ScenarioFault[] = [...loaded.faults];

  const unsound: SatsimError[] = [];
  const into = { faults, unsound };
  const wantedLanes = laneNames(loaded, scenario, registry, choice);
  const lanes = await planAll('lane', wantedLanes, loaded, registry, into);
  const unused = await unusedBlocks(
    loaded,
    scenario,
    registry,
    wantedLanes.map(({ name }) => name),
  );
  faults.push(...unused.faults);
  const exporters = await planAll('exporter', exporterNames(scenario, choice), loaded, registry, into);
  const sound = lanes.filter(({ name }) => !faults.some(({ path }) => path[0] === name));
  const remarks = laneRemarks(scenario, sound, loaded.locate);
  faults.push(...untold(remarks.faults, faults));
  const faultsBefore = faults.length;
  const [source] = await planAll('tick-source', [sourceName(scenario)], loaded, registry, into);
  if (unsound.length > 0) throw together(unsound);
  const network =
    source && faults.length === faultsBefore ? await resolveNetwork(loaded, scenario, source, choice.signal ?? new AbortController().signal, faults) : null;
  const place = network && { scenario, nodes: network.nodes, baseDir: loaded.baseDir };
  const checks = place === null ? { faults: [], warnings: [] } : await laneChecks(place, sound, loaded.locate);
  faults.push(...untold(checks.faults, faults));
  faults.push(...ruleFaults(scenario, lanes, exporters, loaded.locate));
  // Of a lane that is not known or not sound nobody can say what it could do.
  if (lanes.length === wantedLanes.length) faults.push(...packetFaults(scenario, lanes, loaded.locate));
  if (faults.length > 0 || !source || !network) throw new ScenarioError(faults);

  const missing = await checkEnvironment([source, ...lanes, ...exporters], scenario, choice.checkEnvironment);
  const pluginWarnings = registry.faults.map(({ packageName, message }) => `plugin ${packageName}: ${message}`);
  return {
    loaded,
    scenario,
    time: timebase(scenario),
    source,
    lanes,
    exporters,
    network,
    warnings: [...loaded.warnings, ...unused.warnings, ...remarks.warnings, ...checks.warnings, ...network.warnings, ...pluginWarnings, ...missing],
  };
}

/** A plugin to be used: its name, its block of the scenario, and the field that names it (`null`: it was not the scenario). */
interface Wanted {
  readonly name: string;
  readonly block: unknown;
  readonly path: FieldPath;
  readonly namedIn: FieldPath | null;
}

function laneNames(loaded: LoadedScenario, scenario: Scenario, registry: Pick<PluginRegistry, 'names'>, { lanes, mode }: PlanChoice): Wanted[] {
  const chosenHere = (lanes ?? []).length > 0 || (mode !== undefined && mode !== 'parallel');
  return selectLanes(scenario, { lanes, mode }, registry.names('lane')).map((name) => {
    const at = scenario.lanes?.indexOf(name) ?? -1;
    const namedIn = chosenHere ? null : at >= 0 ? ['lanes', at] : ['execution', 'lane_mode'];
    return { name, block: scenario[name], path: [name], namedIn };
  });
}

function sourceName({ ticks, geomrf }: Scenario): Wanted {
  if (ticks?.trace !== undefined) return { name: REPLAY_SOURCE, block: { trace: ticks.trace }, path: ['ticks'], namedIn: null };
  if (ticks?.source === undefined) return { name: TICK_SOURCE, block: geomrf, path: ['geomrf'], namedIn: null };
  return { name: ticks.source, block: ticks.config, path: ['ticks', 'config'], namedIn: ['ticks', 'source'] };
}

function exporterNames(scenario: Scenario, { exporters = [] }: PlanChoice): Wanted[] {
  const inScenario = Object.keys(scenario.exporters);
  const names = [...new Set([...inScenario, ...exporters])];
  return names.map((name) => ({
    name,
    block: scenario.exporters[name],
    path: ['exporters', name],
    namedIn: inScenario.includes(name) ? ['exporters', name] : null,
  }));
}

async function planAll<Kind extends Exclude<PluginKind, 'translator'>>(
  kind: Kind,
  wanted: readonly Wanted[],
  loaded: LoadedScenario,
  registry: Pick<PluginRegistry, 'names' | 'load'>,
  { faults, unsound }: { readonly faults: ScenarioFault[]; readonly unsound: SatsimError[] },
): Promise<PlannedPlugin<LoadedPlugin<Kind>['definition']>[]> {
  const planned: PlannedPlugin<LoadedPlugin<Kind>['definition']>[] = [];
  for (const { name, block, path, namedIn } of wanted) {
    // A name that nobody contributes is the scenario's fault; everything else about a plugin is the plugin's.
    const unknown = !registry.names(kind).includes(name);
    try {
      const plugin = await registry.load(kind, name);
      const { config, faults: found } = await parseConfig(plugin, block, path, loaded.locate);
      faults.push(...found);
      planned.push({ ...plugin, config });
    } catch (error) {
      if (!isSatsimError(error)) throw error;
      if (unknown && namedIn !== null) faults.push(faultAt(loaded.locate, namedIn, error.message, error.hint));
      else unsound.push(error);
    }
  }
  return planned;
}

/** One error for all plugins that can't be used. What is wrong with a plugin comes before what this machine lacks. */
function together(errors: readonly SatsimError[]): SatsimError {
  const [first] = errors.toSorted((a, b) => a.exitCode - b.exitCode);
  if (errors.length === 1) return first!;
  const lines = errors.map(({ message, hint }) => message + (hint === undefined ? '' : ` (${hint})`));
  return new SatsimError(first!.code, lines.join('\n'), { cause: first });
}

async function resolveNetwork(
  loaded: LoadedScenario,
  scenario: Scenario,
  source: RunPlan['source'],
  signal: AbortSignal,
  faults: ScenarioFault[],
): Promise<ResolvedNetwork | null> {
  const { t0Ms, t1Ms, dtMs, tickCount } = timebase(scenario);
  // There is no run yet: the source is asked only for what needs none.
  const run: RunInfo = { runId: 'plan', seed: scenario.seed, t0Ms, t1Ms, dtMs, tickCount, mode: scenario.time.mode };
  const silent = () => {};
  const instance = source.definition.create({
    config: source.config,
    run,
    scenario,
    baseDir: loaded.baseDir,
    inputs: loaded.inputs ?? [],
    locate: loaded.locate,
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    engine: { start: () => Promise.reject(new SatsimError('INTERNAL', `tick source ${source.name} asks for an engine while the run is planned`)) },
  });
  try {
    return await instance.resolve(signal);
  } catch (error) {
    if (!isScenarioError(error)) throw error;
    faults.push(...untold(error.faults, faults));
    return null;
  }
}

/** Of a field that has a fault already, whoever looked at it later saw a stand-in. */
function untold(found: readonly ScenarioFault[], faults: readonly ScenarioFault[]): ScenarioFault[] {
  const told = new Set(faults.map(({ path }) => formatPath(path)));
  // Where all of an item, or of a list, is faulty, what is found in it is found in its stand-in.
  return found.filter(({ path }) => !path.some((_, index) => told.has(formatPath(path.slice(0, index + 1)))));
}

// By code and not by class: the source may carry a second copy of core.
function isScenarioError(error: unknown): error is ScenarioError {
  return isSatsimError(error) && error.code === 'SCENARIO_INVALID' && 'faults' in error;
}

/** @returns warnings, where what is missing is no error */
async function checkEnvironment(
  plugins: readonly (RunPlan['source'] | RunPlan['lanes'][number] | RunPlan['exporters'][number])[],
  scenario: Scenario,
  isError: boolean,
): Promise<string[]> {
  const missing = (await Promise.all(plugins.map((plugin) => missingFor(plugin, scenario)))).flat();
  if (isError && missing.length > 0) {
    const installs = [...new Set(missing.flatMap(({ install }) => install ?? []))];
    throw new MissingDependencyError(missing.map(formatMissing).join('\n'), { hint: installs.length === 0 ? undefined : installs.join(' && ') });
  }
  return missing.map((one) => formatMissing(one) + (one.install === null ? '' : ` (${one.install})`));
}

/** What the manifest asks for; and only when all of that is there, what the configuration does. */
async function missingFor(
  { name, contribution, definition, config }: RunPlan['source'] | RunPlan['lanes'][number] | RunPlan['exporters'][number],
  scenario: Scenario,
): Promise<MissingRequirement[]> {
  const missing = missingRequirements(contribution);
  if (missing !== null) return [missing];
  const needs = definition.kind === 'lane' ? ((await definition.missing?.(config, scenario)) ?? []) : [];
  return needs.map(({ what, install }) => ({ plugin: `lane ${name}`, missing: [what], install }));
}
