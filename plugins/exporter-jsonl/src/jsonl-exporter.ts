import { SatsimError, type ArtifactStream, type EngineEvent, type Exporter, type ExporterDeps, type FlowSample } from '@satsim/core';
import { eventLine, sampleLine } from './line-formats.js';

export const RESULTS_FILE = 'results/flows.jsonl';
export const EVENTS_FILE = 'results/events.jsonl';

/** Both files exist from `open` on, also when nothing is ever written to them. */
export class JsonlExporter implements Exporter {
  readonly #artifacts: ExporterDeps['artifacts'];
  #files: { readonly results: ArtifactStream; readonly events: ArtifactStream } | null = null;

  constructor({ artifacts }: Pick<ExporterDeps, 'artifacts'>) {
    this.#artifacts = artifacts;
  }

  async open(): Promise<void> {
    const results = await this.#artifacts.openStream(RESULTS_FILE);
    try {
      this.#files = { results, events: await this.#artifacts.openStream(EVENTS_FILE) };
    } catch (error) {
      await results.close();
      throw error;
    }
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    await this.#opened().results.write(samples.map(sampleLine).join(''));
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    await this.#opened().events.write(events.map(eventLine).join(''));
  }

  async close(): Promise<void> {
    const files = this.#files;
    this.#files = null;
    if (!files) return;
    try {
      await files.results.close();
    } finally {
      await files.events.close();
    }
  }

  #opened() {
    if (!this.#files) throw new SatsimError('EXPORTER_FAILED', 'exporter jsonl: a write came before open or after close');
    return this.#files;
  }
}
