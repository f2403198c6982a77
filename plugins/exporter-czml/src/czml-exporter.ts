import { durationMs, SatsimError, type EngineEvent, type Exporter, type ExporterDeps, type FlowSample, type TickUpdate } from '@satsim/core';
import type { CzmlConfig } from './config.js';
import { packets } from './document.js';
import { LinkHistory } from './link-history.js';
import { PathHistory } from './path-history.js';
import { TrackRecorder } from './track.js';

export const CZML_FILE = 'results/network.czml';

type Deps = Pick<ExporterDeps<CzmlConfig>, 'artifacts' | 'config' | 'run' | 'scenario' | 'nodes' | 'ephemeris' | 'logger'>;

/** Remembers where nodes were, when links were up and what was reported; writes the document when the run is over. */
export class CzmlExporter implements Exporter {
  readonly #deps: Deps;
  readonly #links = new LinkHistory();
  readonly #paths = new PathHistory();
  readonly #handovers: EngineEvent[] = [];
  #tracks: TrackRecorder | null = null;
  #lastTick = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const { config, ephemeris, run } = this.#deps;
    if (!ephemeris) {
      throw new SatsimError('EXPORTER_FAILED', 'exporter czml: the tick source of this run cannot tell where nodes are', {
        hint: 'run the scenario on an engine with ephemeris, or without this exporter',
      });
    }
    const tracks = new TrackRecorder(ephemeris, [run.t0Ms, run.t1Ms], durationMs(config.sample_step));
    await tracks.coverUntil(run.t0Ms + run.dtMs);
    this.#tracks = tracks;
  }

  async writeTick(tick: TickUpdate): Promise<void> {
    const tracks = this.#opened();
    this.#links.apply(tick);
    this.#lastTick = tick.tickIndex;
    await tracks.coverUntil(tick.simTimeMs + this.#deps.run.dtMs);
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    this.#opened();
    this.#handovers.push(...events.filter(({ type }) => type === 'handover'));
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    this.#opened();
    for (const sample of samples) this.#paths.apply(sample);
  }

  async close(): Promise<void> {
    const recorder = this.#tracks;
    this.#tracks = null;
    if (!recorder) return;
    const { artifacts, config, run, scenario, nodes, logger } = this.#deps;
    // A tick holds until the next: so does the last one. A run without any tick shows where everything was at its start.
    const span = [run.t0Ms, run.t0Ms + (this.#lastTick + 1) * run.dtMs] as const;
    for (const [node, reason] of recorder.failures()) logger.warn({ node, reason }, `${node} is not drawn all the time: ${reason}`);
    const tracks = recorder.tracks();
    const recorded = { scenario, nodes, tracks, links: this.#links.pairs(), paths: this.#paths.paths(), events: this.#handovers, span, choice: config.links };
    const lines = [...packets(recorded)].map((packet) => JSON.stringify(packet));
    await artifacts.writeFile(CZML_FILE, `[\n${lines.join(',\n')}\n]\n`);
  }

  #opened(): TrackRecorder {
    if (!this.#tracks) throw new SatsimError('EXPORTER_FAILED', 'exporter czml: a write came before open or after close');
    return this.#tracks;
  }
}
