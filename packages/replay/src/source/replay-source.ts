import { defineTickSource, faultAt, readTrace, ScenarioError, suggest } from '@satsim/core';
import type { FieldPath, NetworkNode, ResolvedNetwork, ScenarioFault, TickSource, TickSourceDeps, TickStream, TickUpdate } from '@satsim/core';
import { z } from 'zod';
import { extentOf } from './extent.js';
import { fitWindow } from './fit-window.js';
import { look, nodesOf } from './network-of-ticks.js';
import { recordedEvents } from './recorded-events.js';
import { fileSha256, openRecording, reasonOf, recordedNodes, recordedSpec } from './recording.js';
import type { Recording } from './recording.js';
import { type Window, windowed } from './window.js';

const config = z.strictObject({
  trace: z.string().min(1).describe('The folder of a run, its id, or a trace file; relative to the scenario'),
  up_to_damage: z.boolean().default(false).describe('Play what comes before the place where the trace is damaged'),
});
type Config = z.output<typeof config>;

interface Planned {
  readonly recording: Recording;
  readonly window: Window;
  readonly network: ResolvedNetwork;
}

/** Plays recorded ticks: those of the scenario's time, and nothing else of the scenario has a say in them. */
class ReplaySource implements TickSource {
  readonly #deps: TickSourceDeps<Config>;
  #planned: Promise<Planned> | null = null;

  constructor(deps: TickSourceDeps<Config>) {
    this.#deps = deps;
  }

  async resolve(): Promise<ResolvedNetwork> {
    return (await this.#plan()).network;
  }

  async open(signal: AbortSignal): Promise<TickStream> {
    signal.throwIfAborted();
    const { recording, window } = await this.#plan();
    const { header, path } = recording.trace;
    const engine = recording.run?.manifest.engine ?? null;
    const scenarioRef = engine?.scenarioRef ?? `trace-${header.specSha256.slice(0, 12)}`;
    const { ticks } = await readTrace(path, { runId: this.#deps.run.runId, scenarioRef, upTo: recording.upTo });
    const iterators: AsyncGenerator<TickUpdate>[] = [];
    return {
      info: {
        // What computed the ticks, not what plays them: the trace of this run is that of the recorded one.
        engineVersion: header.engineVersion,
        engineGitSha: engine?.engineGitSha ?? null,
        schemaVersion: engine?.schemaVersion ?? recording.trace.format,
        specSha256: header.specSha256,
        scenarioRef,
        warnings: [],
      },
      ticks: {
        [Symbol.asyncIterator]() {
          const iterator = windowed(ticks, window, signal);
          iterators.push(iterator);
          return iterator;
        },
      },
      events: recording.run === null ? null : await recordedEvents(recording.run.runDir, window),
      ephemeris: null,
      close: async () => void (await Promise.all(iterators.map((iterator) => iterator.return(undefined)))),
    };
  }

  /** Once: what is resolved is what is played. */
  #plan(): Promise<Planned> {
    this.#planned ??= this.#read();
    return this.#planned;
  }

  async #read(): Promise<Planned> {
    const { scenario, run, baseDir, config: options } = this.#deps;
    const where: FieldPath = scenario.ticks?.trace === undefined ? ['ticks', 'config', 'trace'] : ['ticks', 'trace'];
    const upTo = options.up_to_damage ? 'damage' : 'end';
    const recording = await this.#orFault(where, () => openRecording(options.trace, { baseDir, artifactsRoot: scenario.paths.artifacts_root, upTo }));
    const { trace } = recording;
    const recorded = await this.#orFault(where, () => recordedNodes(recording));
    // Without the run's own file only its links tell what nodes there are.
    const seen = recorded === null ? await this.#orFault(where, () => look(recording)) : null;
    const extent = seen ?? (await this.#orFault(where, () => extentOf(recording)));
    const window = fitWindow(trace.header, extent, run);
    const nodes = recorded ?? (await this.#orFault(where, () => nodesOf(seen!.links, scenario)));
    const faults = this.#strangers(nodes);
    if ('message' in window) faults.unshift(this.#fault(window.path, window.message, window.hint));
    if (faults.length > 0 || 'message' in window) throw new ScenarioError(faults);
    const { run: of } = recording;
    return {
      recording,
      window,
      network: {
        nodes,
        spec: await this.#orFault(where, () => recordedSpec(recording)),
        inputs: [],
        warnings: extent.damage === null ? [] : [`${extent.damage.message}; what comes before is played`],
        recording: {
          path: trace.path,
          sha256: await fileSha256(trace.path),
          runId: of?.runId ?? null,
          traceSha256: of?.manifest.traceSha256 ?? null,
          firstTick: window.first,
        },
      },
    };
  }

  /** Ends of flows that the recording does not know. */
  #strangers(nodes: readonly NetworkNode[]): ScenarioFault[] {
    const known = new Set(nodes.map(({ id }) => id));
    return this.#deps.scenario.traffic.flatMap((flow, index) =>
      (['from', 'to'] as const).flatMap((end) => {
        if (known.has(flow[end])) return [];
        const near = suggest(flow[end], [...known]);
        return [
          this.#fault(['traffic', index, end], `there is no node ${flow[end]} in the recording`, near === undefined ? undefined : `do you mean ${near}?`),
        ];
      }),
    );
  }

  async #orFault<Result>(path: FieldPath, work: () => Promise<Result> | Result): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      const { message, hint } = reasonOf(error);
      throw new ScenarioError([this.#fault(path, message, hint)], { cause: error });
    }
  }

  #fault(path: FieldPath, message: string, hint?: string): ScenarioFault {
    return faultAt(this.#deps.locate, path, message, hint);
  }
}

/** The tick source of a scenario with `ticks.trace`. */
export const replaySource = defineTickSource({ name: 'replay', config, create: (deps) => new ReplaySource(deps) });
