import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { unreadable } from '@satsim/core/records';
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
  readonly runDir: string;
  readonly loaded: LoadedScenario & { readonly scenario: Scenario };
  readonly registry: Pick<PluginRegistry, 'load'>;
  /** The embedded engine, also where the run had another one, which may not be there any more. */
  readonly engine: EngineHost;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Sources whose positions are those of the scenario: replayed ticks were computed from it, too. */
const OF_THE_SCENARIO: readonly string[] = ['geomrf', 'replay'];

/**
 * The network of a run: its nodes as they were recorded (by older runs: found anew), its tick source for whoever asks where they are.
 * @throws ScenarioError, SatsimError PLUGIN_INVALID
 */
export async function recordedNetwork(options: RecordedNetworkOptions): Promise<RecordedNetwork> {
  const { manifest, runDir, loaded, signal } = options;
  const { scenario } = loaded;
  const run: RunInfo = { runId: manifest.runId, seed: scenario.seed, ...timebase(scenario), mode: scenario.time.mode };
  let made: Promise<TickSource> | null = null;
  const source = (): Promise<TickSource> => (made ??= makeSource(options, run));
  let opening: Promise<TickStream> | null = null;
  return {
    run,
    scenario,
    nodes: (await recordedNodes(runDir)) ?? (await (await source()).resolve(signal)).nodes,
    ephemeris: async (timeMs) => {
      opening ??= source().then((one) => one.open(signal));
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

async function makeSource({ manifest, loaded, registry, engine, logger }: RecordedNetworkOptions, run: RunInfo): Promise<TickSource> {
  const { ticks, ...rest } = loaded.scenario;
  const { baseDir, locate, inputs = [] } = loaded;
  const deps = { run, baseDir, inputs, locate, logger, engine };
  if (!OF_THE_SCENARIO.includes(manifest.source)) {
    const plugin = await registry.load('tick-source', manifest.source);
    const config = await parsedConfig(plugin, ticks?.config, ['ticks', 'config'], locate);
    return plugin.definition.create({ ...deps, config, scenario: loaded.scenario });
  }
  const { grpc_target: _target, ...geomrf } = rest.geomrf;
  const plugin = await registry.load('tick-source', 'geomrf');
  return plugin.definition.create({ ...deps, config: await parsedConfig(plugin, geomrf, ['geomrf'], locate), scenario: { ...rest, geomrf } });
}

async function recordedNodes(runDir: string): Promise<readonly NetworkNode[] | null> {
  const path = join(runDir, 'manifests/network.json');
  try {
    const { nodes } = JSON.parse(await readFile(path, 'utf8')) as { readonly nodes: readonly NetworkNode[] };
    return nodes;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(error, path);
  }
}
