import type { SpillFile } from '../artifacts/spill-file.js';
import type { FlowSample } from '../contract/results.js';
import type { Flow } from '../contract/scenario.js';
import { compareSides, type FlowComparison, type Side } from './compare-series.js';
import { FlowSeries, PathTable } from './flow-series.js';
import type { Tolerances } from './tolerance.js';

/** A run whose lanes are compared. */
export interface ComparedRun {
  readonly runId: string;
  readonly lanes: readonly string[];
  /** Those of them of which two runs differ. */
  readonly statistical: readonly string[];
  readonly traffic: readonly Pick<Flow, 'id' | 'kind'>[];
}

/** A lane that said nothing of a flow. */
export interface Unreported {
  readonly runId: string;
  readonly lane: string;
  readonly flow: string;
}

/** Takes the samples of all lanes of one or more runs, and holds every lane against the first that reports the flow. */
export class Comparison {
  readonly #paths = new PathTable();
  readonly #runs: readonly ComparedRun[];
  readonly #file: SpillFile | null;
  readonly #series = new Map<string, FlowSeries>();

  /** @param file takes most of the samples, until the result is asked for */
  constructor(runs: readonly ComparedRun[], file: SpillFile | null = null) {
    this.#runs = runs;
    this.#file = file;
  }

  add(runId: string, sample: FlowSample): void {
    const key = keyOf(runId, sample.lane, sample.flow);
    let series = this.#series.get(key);
    if (!series) {
      series = new FlowSeries(this.#paths, this.#file);
      this.#series.set(key, series);
    }
    series.add(sample);
  }

  /** By flow, in the order of the traffic, then by lane, then by quantity. */
  result(tolerances: Tolerances): FlowComparison[] {
    const kinds = new Map(this.#runs.flatMap(({ traffic }) => traffic.map(({ id, kind }) => [id, kind] as const)));
    return [...kinds].flatMap(([flow, kind]) => {
      const [reference, ...others] = this.#sides(flow);
      return reference === undefined ? [] : others.flatMap((other) => compareSides(flow, kind, reference, other, tolerances));
    });
  }

  /** Flows of the traffic that a lane said nothing of. */
  unreported(): Unreported[] {
    return this.#runs.flatMap(({ runId, lanes, traffic }) =>
      lanes.flatMap((lane) => traffic.flatMap(({ id: flow }) => (this.#series.has(keyOf(runId, lane, flow)) ? [] : [{ runId, lane, flow }]))),
    );
  }

  #sides(flow: string): Side[] {
    return this.#runs.flatMap(({ runId, lanes, statistical }) =>
      lanes.flatMap((lane) => {
        const series = this.#series.get(keyOf(runId, lane, flow));
        return series ? [{ runId, lane, statistical: statistical.includes(lane), series }] : [];
      }),
    );
  }
}

const keyOf = (...parts: readonly string[]): string => parts.join('\n');
