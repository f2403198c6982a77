import { FlowStatistics } from '../artifacts/flow-statistics.js';
import { SpillFile } from '../artifacts/spill-file.js';
import type { FlowComparison } from '../compare/compare-series.js';
import { type ComparedRun, Comparison } from '../compare/comparison.js';
import { DEFAULT_TOLERANCES } from '../compare/tolerance.js';
import type { FlowSample, ResultsSink } from '../contract/results.js';
import type { FlowSummary } from './types.js';

/** Exporters get no more at a time, however many there are: what they make of them must fit into memory, and into one string. */
const SLICE = 4096;

/** Takes the samples of all lanes: counts them, and hands them on in batches, so that a lane feels a slow exporter. */
export class ResultsHub implements ResultsSink {
  readonly #statistics = new Map<string, FlowStatistics>();
  readonly #deliver: (samples: readonly FlowSample[]) => Promise<void>;
  readonly #file: SpillFile | null;
  /** Keeps every sample, so only where there is more than one lane. */
  readonly #comparison: Comparison | null;
  /** All but the last one are full. */
  readonly #slices: FlowSample[][] = [];

  /** @param dir where most of what is kept for the end may be put meanwhile */
  constructor(run: ComparedRun, dir: string, deliver: (samples: readonly FlowSample[]) => Promise<void>) {
    this.#deliver = deliver;
    this.#file = SpillFile.open(dir);
    this.#comparison = run.lanes.length > 1 ? new Comparison(DEFAULT_TOLERANCES, this.#file) : null;
    this.#comparison?.begin(run);
    for (const { id } of run.traffic) for (const lane of run.lanes) this.#of(id, lane);
  }

  write(sample: FlowSample): void {
    this.#of(sample.flow, sample.lane).add(sample);
    this.#comparison?.add(sample);
    const last = this.#slices.at(-1);
    if (last === undefined || last.length === SLICE) this.#slices.push([sample]);
    else last.push(sample);
  }

  /** Hands on what has gathered; resolves when the exporters' queues have it. */
  async flush(): Promise<void> {
    for (let slice = this.#slices.shift(); slice !== undefined; slice = this.#slices.shift()) await this.#deliver(slice);
  }

  /** Every flow of the scenario in every lane, also those without a sample; then what lanes reported beyond that. */
  summaries(): readonly FlowSummary[] {
    return [...this.#statistics.values()].map((statistics) => statistics.summary());
  }

  /** Each lane against the first that reports the flow; `null` with a single lane. */
  comparison(): readonly FlowComparison[] | null {
    return this.#comparison?.result() ?? null;
  }

  /** Nothing can be asked for any more. */
  close(): void {
    this.#file?.close();
  }

  #of(flow: string, lane: string): FlowStatistics {
    const key = `${flow}\n${lane}`;
    let statistics = this.#statistics.get(key);
    if (!statistics) {
      statistics = new FlowStatistics(flow, lane, this.#file);
      this.#statistics.set(key, statistics);
    }
    return statistics;
  }
}
