import { type ArtifactStream, type EngineEvent, type Exporter, type ExporterDeps, SatsimError, type TickMetrics } from '@satsim/core';
import { Timeline } from './timeline.js';
import type { TraceEvent } from './trace-event.js';

export const TRACE_FILE = 'results/trace-events.json';

/** Writes a JSON array, an event a line. Cut off anywhere it can still be opened: viewers do without the end of the array. */
export class TracingExporter implements Exporter {
  readonly #deps: Pick<ExporterDeps, 'run' | 'scenario' | 'artifacts'>;
  readonly #timeline = new Timeline();
  #file: ArtifactStream | null = null;

  constructor(deps: Pick<ExporterDeps, 'run' | 'scenario' | 'artifacts'>) {
    this.#deps = deps;
  }

  async open(): Promise<void> {
    const { artifacts, run, scenario } = this.#deps;
    this.#file = await artifacts.openStream(TRACE_FILE);
    const [first, ...rest] = this.#timeline.begin(`satsim ${scenario.name} (${run.runId})`);
    await this.#file.write(`[\n${JSON.stringify(first)}${lines(rest)}`);
  }

  async writeMetrics(metrics: TickMetrics): Promise<void> {
    await this.#opened().write(lines(this.#timeline.tick(metrics)));
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    await this.#opened().write(lines(this.#timeline.events(events)));
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (!file) return;
    try {
      await file.write(`${lines(this.#timeline.end())}\n]\n`);
    } finally {
      await file.close();
    }
  }

  #opened(): ArtifactStream {
    if (!this.#file) throw new SatsimError('EXPORTER_FAILED', 'exporter tracing: a write came before open or after close');
    return this.#file;
  }
}

const lines = (events: readonly TraceEvent[]): string => events.map((event) => `,\n${JSON.stringify(event)}`).join('');
