import { FlowStatistics } from '../artifacts/flow-statistics.js';
import type { FlowSample, ResultsSink } from '../contract/results.js';
import type { FlowSummary } from './types.js';

/** Takes the samples of all lanes: counts them, and hands them on in batches, so that a lane feels a slow exporter. */
export class ResultsHub implements ResultsSink {
  readonly #statistics = new Map<string, FlowStatistics>();
  readonly #deliver: (samples: readonly FlowSample[]) => Promise<void>;
  #batch: FlowSample[] = [];

  constructor(flows: readonly string[], lanes: readonly string[], deliver: (samples: readonly FlowSample[]) => Promise<void>) {
    this.#deliver = deliver;
    for (const flow of flows) for (const lane of lanes) this.#of(flow, lane);
  }

  write(sample: FlowSample): void {
    this.#of(sample.flow, sample.lane).add(sample);
    this.#batch.push(sample);
  }

  /** Hands on what has gathered; resolves when the exporters' queues have it. */
  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    const batch = this.#batch;
    this.#batch = [];
    await this.#deliver(batch);
  }

  /** Every flow of the scenario in every lane, also those without a sample; then what lanes reported beyond that. */
  summaries(): readonly FlowSummary[] {
    return [...this.#statistics.values()].map((statistics) => statistics.summary());
  }

  #of(flow: string, lane: string): FlowStatistics {
    const key = `${flow}\n${lane}`;
    let statistics = this.#statistics.get(key);
    if (!statistics) {
      statistics = new FlowStatistics(flow, lane);
      this.#statistics.set(key, statistics);
    }
    return statistics;
  }
}
