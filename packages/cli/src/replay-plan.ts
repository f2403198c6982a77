import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isSatsimError, loadRecordedScenario, loadScenario, planRun, SatsimError, ScenarioError, timebase, toNodeId } from '@satsim/core';
import type { LoadedScenario, PluginRegistry, RunPlan, Scenario, TickSourceDefinition } from '@satsim/core';
import { isArchive } from '@satsim/core/records';
import { extentOf, recordingAt, replayedScenario } from '@satsim/replay';
import type { Part, Recording, Window } from '@satsim/replay';
import { findRun } from './find-run.js';

/** The exporter that `--verify` adds is no plugin: a run that is replayed may have had it. */
export const VERIFY = 'verify';

export interface ReplayChoice extends Part {
  readonly artifactsRoot: string;
  /** Those of the recorded run without any. */
  readonly lanes: readonly string[];
  /** Beside those of the recorded run. */
  readonly exporters: readonly string[];
  readonly set: readonly string[];
  /** Simulated seconds in a second; `max`: as fast as it goes; without it as the recorded run, or 1 for lanes that need real time. */
  readonly speed: number | 'max' | null;
  readonly checkEnvironment: boolean;
  /** How far the recording is read. */
  readonly upTo: Recording['upTo'];
}

export interface ReplayPlan {
  readonly plan: RunPlan;
  readonly recording: Recording;
  /** The hash that the replay will have when it comes to its end; `null` where that is not known. */
  readonly traceSha256: string | null;
}

type Loaded = LoadedScenario & { readonly scenario: Scenario };

/**
 * Plans a run that plays the recorded ticks of a run, or of a trace file, into any lanes and exporters. Exporters that ask for
 * positions have them computed anew, where the recorded run knows its orbits: the engine starts when somebody first asks.
 *
 * @param target id of a run, the beginning of it, a folder, or a trace file
 * @throws ScenarioError; SatsimError ARTIFACTS, TRACE_INVALID, RUN_STATE, USAGE, PLUGIN_INVALID; MissingDependencyError
 */
export async function planReplay(target: string, registry: PluginRegistry, choice: ReplayChoice): Promise<ReplayPlan> {
  const recording = await findRecording(target, choice.artifactsRoot, choice.upTo);
  const extent = await extentOf(recording);
  const loaded = sound(await scenarioOf(recording, extent, registry, choice.set));
  const manifest = recording.run?.manifest;
  const lanes = choice.lanes.length > 0 ? choice.lanes : (manifest?.lanes ?? []);
  const { t0, dt, seed } = recording.trace.header;
  const played = { path: recording.run?.runDir ?? recording.trace.path, upTo: choice.upTo, endMs: t0 + (extent.first + extent.count) * dt };
  const scenario = paced(replayedScenario(loaded.scenario, played, choice), registry, lanes, choice.speed);
  const exporters = [...(manifest?.exporters ?? []).filter((name) => name !== VERIFY), ...choice.exporters];
  const plan = await planRun({ ...loaded, scenario }, registry, { lanes, exporters, checkEnvironment: choice.checkEnvironment });
  const asked = timebase(loaded.scenario).tickCount;
  const shorter = choice.to === undefined && extent.count < asked ? [`the recording ends after ${extent.count} of ${asked} ticks, and so does the replay`] : [];
  // The seed is a part of what is hashed.
  const whole = plan.network.recording?.firstTick === 0 && plan.time.tickCount === extent.count && scenario.seed === seed;
  return {
    plan: { ...(await withPositions(plan, loaded, registry, manifest?.source ?? null)), warnings: [...plan.warnings, ...shorter] },
    recording,
    traceSha256: whole ? (manifest?.traceSha256 ?? null) : null,
  };
}

async function findRecording(target: string, artifactsRoot: string, upTo: Recording['upTo']): Promise<Recording> {
  // As a path that would be the folder where one stands.
  if (target === '') throw new SatsimError('USAGE', 'the name of a run or trace is empty');
  try {
    return await recordingAt(target, upTo);
  } catch (error) {
    if (!isSatsimError(error)) throw error;
    const cause = error.cause as NodeJS.ErrnoException | undefined;
    const without = error.code === 'ARTIFACTS' && (cause === undefined || cause.code === 'ENOENT');
    if (!without && !isArchive(target)) throw error;
    const { runDir } = await findRun(artifactsRoot, target);
    if (cause === undefined) throw error;
    return recordingAt(runDir, upTo);
  }
}

function sound(loaded: LoadedScenario): Loaded {
  if (loaded.scenario === null || loaded.faults.length > 0) throw new ScenarioError(loaded.faults);
  return loaded as Loaded;
}

async function scenarioOf({ run, trace }: Recording, { first, count }: Window, registry: PluginRegistry, set: readonly string[]): Promise<LoadedScenario> {
  const laneNames = registry.names('lane');
  if (run !== null) {
    // The place that the scenario names is on the machine where it ran.
    const beside = `paths.artifacts_root=${JSON.stringify(dirname(run.runDir))}`;
    return loadRecordedScenario(run.runDir, { laneNames: [...laneNames, ...run.manifest.lanes], set: [beside, ...set] });
  }
  // A trace by itself says when it is, and no more.
  const { seed, t0, dt } = trace.header;
  const iso = (tick: number): string => new Date(t0 + tick * dt).toISOString();
  const bare = {
    name: toNodeId(basename(trace.path).replace(/\.jsonl(\.zst)?$/, '')),
    seed,
    time: { t0: iso(first), t1: iso(first + count), dt: `${dt}ms` },
    ticks: { trace: trace.path },
  };
  const folder = await mkdtemp(join(tmpdir(), 'satsim-replay-'));
  try {
    const file = join(folder, 'trace.satsim.json');
    await writeFile(file, JSON.stringify(bare, null, 2));
    const { faults, locate, ...loaded } = await loadScenario(file, { laneNames, set, env: {} });
    // Nobody has written that file, and in a moment it is gone: the command line names the trace.
    const shown = <Place extends { readonly file: string | null }>(place: Place | null): Place | null => (place?.file === file ? null : place);
    return {
      ...loaded,
      file: trace.path,
      faults: faults.map((fault) => shown(fault) ?? { ...fault, file: trace.path, line: null }),
      locate: (path) => shown(locate(path)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function paced(scenario: Scenario, registry: PluginRegistry, lanes: readonly string[], speed: ReplayChoice['speed']): Scenario {
  const known = registry.names('lane');
  const needsClock = lanes.some((name) => known.includes(name) && registry.find('lane', name).contribution.pacing === 'realtime');
  const mode = speed === 'max' ? 'offline' : speed !== null || needsClock ? 'realtime' : scenario.time.mode;
  return { ...scenario, time: { ...scenario.time, mode } };
}

/** The plan with a tick source that tells positions as well, out of the source that the recorded run had. */
async function withPositions(plan: RunPlan, recorded: Loaded, registry: PluginRegistry, sourceName: string | null): Promise<RunPlan> {
  if (sourceName === null || sourceName === plan.source.name || !registry.names('tick-source').includes(sourceName)) return plan;
  const { definition: origin } = await registry.load('tick-source', sourceName);
  const { scenario, inputs = [] } = recorded;
  const replay = plan.source.definition;
  const definition: TickSourceDefinition = {
    ...replay,
    create: (deps) => {
      const source = replay.create(deps);
      return {
        resolve: (signal) => source.resolve(signal),
        open: async (signal) => {
          const stream = await source.open(signal);
          const config: unknown = sourceName === 'geomrf' ? scenario.geomrf : scenario.ticks?.config;
          const computing = new LazyStream(() => origin.create({ ...deps, config, scenario, inputs }).open(signal));
          return {
            ...stream,
            ephemeris: async (timeMs, frame) => {
              const { ephemeris } = await computing.get();
              if (ephemeris === null) throw new SatsimError('EXPORTER_FAILED', `the tick source ${sourceName} of the recorded run knows no positions`);
              return ephemeris(timeMs, frame);
            },
            close: async () => void (await Promise.all([stream.close(), computing.close()])),
          };
        },
      };
    },
  };
  return { ...plan, source: { ...plan.source, definition } };
}

/** Opened when it is first asked for; its ticks are never read, so they are never computed. */
class LazyStream<Stream extends { close(): Promise<void> }> {
  readonly #open: () => Promise<Stream>;
  #opening: Promise<Stream> | null = null;

  constructor(open: () => Promise<Stream>) {
    this.#open = open;
  }

  get(): Promise<Stream> {
    return (this.#opening ??= this.#open());
  }

  async close(): Promise<void> {
    // One that could not be opened told so to whoever asked.
    await (await this.#opening?.catch(() => null))?.close();
  }
}
