import { durationMs, LinkTable, SatsimError, type Ephemeris, type Exporter, type ExporterDeps, type RunOutcome, type TickUpdate } from '@satsim/core';
import type { GeojsonConfig } from './config.js';
import { features } from './features.js';

export const NETWORK_FILE = 'results/network.geojson';

type Deps = Pick<ExporterDeps<GeojsonConfig>, 'artifacts' | 'config' | 'run' | 'nodes' | 'ephemeris' | 'logger'>;

/** The network at one tick, written when that tick comes; when the run ends before: at its last one. */
export class GeojsonExporter implements Exporter {
  readonly #deps: Deps;
  readonly #links = new LinkTable();
  #wanted: number;
  #last: { readonly tickIndex: number; readonly simTimeMs: number } | null = null;
  #positions: NonNullable<Deps['ephemeris']> | null = null;
  #drawn = false;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#wanted = deps.run.tickCount - 1;
  }

  async open(): Promise<void> {
    const { config, run, ephemeris } = this.#deps;
    if (!ephemeris) {
      throw new SatsimError('EXPORTER_FAILED', 'exporter geojson: the tick source of this run cannot tell where nodes are', {
        hint: 'run the scenario on an engine with ephemeris, or without this exporter',
      });
    }
    if (config.at !== 'end') {
      const atMs = durationMs(config.at);
      if (atMs > run.t1Ms - run.t0Ms) {
        throw new SatsimError(
          'EXPORTER_FAILED',
          `exporter geojson: exporters.geojson.at is ${config.at} after t0, and the run takes ${(run.t1Ms - run.t0Ms) / 1e3} s`,
          { hint: 'give a duration within the run, or end' },
        );
      }
      this.#wanted = Math.min(this.#wanted, Math.floor(atMs / run.dtMs));
    }
    this.#positions = ephemeris;
  }

  async writeTick(tick: TickUpdate): Promise<void> {
    if (!this.#positions) throw new SatsimError('EXPORTER_FAILED', 'exporter geojson: a write came before open or after close');
    if (this.#drawn) return;
    this.#links.apply(tick);
    this.#last = tick;
    if (tick.tickIndex === this.#wanted) await this.#draw(await this.#positions(tick.simTimeMs));
  }

  /** A run that ends early takes its engine with it: when that can't tell positions any more, there is no file, and the log says so. */
  async close(outcome: RunOutcome): Promise<void> {
    const positions = this.#positions;
    this.#positions = null;
    if (!positions || this.#drawn) return;
    const { logger, run } = this.#deps;
    let ephemeris: Ephemeris;
    try {
      ephemeris = await positions(this.#last?.simTimeMs ?? run.t0Ms);
    } catch (error) {
      if (outcome === 'completed') throw error;
      logger.warn({ err: error }, `${NETWORK_FILE} is not written: the run ended early, and where nodes are could not be asked any more`);
      return;
    }
    await this.#draw(ephemeris);
  }

  async #draw(ephemeris: Ephemeris): Promise<void> {
    this.#drawn = true;
    const { artifacts, nodes } = this.#deps;
    const lines = features(nodes, this.#links.values(), ephemeris).map((feature) => JSON.stringify(feature));
    const instant = `"time":"${new Date(ephemeris.timeMs).toISOString()}","tick_index":${this.#last?.tickIndex ?? null}`;
    await artifacts.writeFile(NETWORK_FILE, `{"type":"FeatureCollection",${instant},"features":[\n${lines.join(',\n')}\n]}\n`);
  }
}
