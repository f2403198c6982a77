import { SatsimError, timebase } from '@satsim/core';
import type {
  Ephemeris,
  EngineHost,
  LoadedScenario,
  Logger,
  NetworkNode,
  PluginRegistry,
  RunInfo,
  RunManifest,
  Scenario,
  TickSource,
  TickStream,
  UnixMs,
} from '@satsim/core';
import { parsedConfig } from './parsed-config.js';

/** What exporters may ask of the network of a run that is over. */
export interface RecordedNetwork {
  readonly run: RunInfo;
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  /** Computed anew from the recorded scenario: the engine starts when somebody first asks. */
  readonly ephemeris: (timeMs: UnixMs) => Promise<Ephemeris>;
  close(): Promise<void>;
}

export interface RecordedNetworkOptions {
  readonly manifest: RunManifest;
  readonly loaded: LoadedScenario & { readonly scenario: Scenario };
  readonly registry: Pick<PluginRegistry, 'load'>;
  /** The embedded engine, also where the run had another one, which may not be there any more. */
  readonly engine: EngineHost;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * The tick source of the run, from the recorded scenario and the files that it read then.
 * @throws ScenarioError, SatsimError PLUGIN_INVALID
 */
export async function recordedNetwork({ manifest, loaded, registry, engine, logger, signal }: RecordedNetworkOptions): Promise<RecordedNetwork> {
  const { grpc_target: _target, ...geomrf } = loaded.scenario.geomrf;
  const scenario: Scenario = { ...loaded.scenario, geomrf };
  const run: RunInfo = { runId: manifest.runId, seed: scenario.seed, ...timebase(scenario), mode: scenario.time.mode };
  const plugin = await registry.load('tick-source', manifest.source);
  const isEngine = manifest.source === 'geomrf';
  const config = await parsedConfig(plugin, isEngine ? geomrf : scenario.ticks?.config, isEngine ? ['geomrf'] : ['ticks', 'config'], loaded.locate);
  const { baseDir, locate, inputs = [] } = loaded;
  const source: TickSource = plugin.definition.create({ config, run, scenario, baseDir, inputs, locate, logger, engine });
  const { nodes } = await source.resolve(signal);
  let opening: Promise<TickStream> | null = null;
  return {
    run,
    scenario,
    nodes,
    ephemeris: async (timeMs) => {
      opening ??= source.open(signal);
      const { ephemeris } = await opening;
      if (ephemeris !== null) return ephemeris(timeMs);
      throw new SatsimError('EXPORTER_FAILED', `the tick source ${manifest.source} of run ${manifest.runId} cannot tell where nodes are`);
    },
    close: async () => {
      // One that failed to open told so to whoever asked.
      await (await opening?.catch(() => null))?.close();
    },
  };
}
