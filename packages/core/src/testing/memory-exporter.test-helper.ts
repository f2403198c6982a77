import type { Exporter, ExporterDeps, RunOutcome } from '../contract/exporter.js';
import type { FlowSample } from '../contract/results.js';
import type { ArtifactStream } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';

export const OUTPUT = 'results/kit.jsonl';

/** An exporter that keeps every rule, made so that each of them can be broken alone. */
export class LineExporter implements Exporter {
  readonly deps: ExporterDeps;
  protected stream: ArtifactStream | null = null;

  constructor(deps: ExporterDeps) {
    this.deps = deps;
  }

  async open(): Promise<void> {
    this.stream = await this.deps.artifacts.openStream(OUTPUT);
  }

  async writeTick(tick: TickUpdate): Promise<void> {
    await this.line({ tick: tick.tickIndex });
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    for (const { simTimeMs } of samples) await this.line({ at: simTimeMs });
  }

  async close(_outcome: RunOutcome): Promise<void> {
    const { stream } = this;
    this.stream = null;
    await stream?.close();
  }

  protected async line(value: object): Promise<void> {
    if (!this.stream) throw new Error('not open');
    await this.stream.write(`${JSON.stringify(value)}\n`);
  }
}
