import type { SpillFile } from '../artifacts/spill-file.js';
import type { FlowSample } from '../contract/results.js';
import type { Flow } from '../contract/scenario.js';
import { datagramsPerS } from '../contract/scenario-traffic.js';
import { compareSides, type FlowComparison, type Side } from './compare-series.js';
import { FlowSeries, PathTable } from './flow-series.js';
import type { Tolerances } from './tolerance.js';

/** What of a flow decides how it is compared. */
export type ComparedFlow = Pick<Flow, 'id' | 'kind' | 'rate_mbps' | 'packet_bytes'>;

/** A run whose lanes are compared. */
export interface ComparedRun {
  readonly runId: string;
  readonly lanes: readonly string[];
  /** Those of them of which two runs differ. */
  readonly statistical: readonly string[];
  readonly traffic: readonly ComparedFlow[];
}

/** A lane that said nothing of a flow. */
export interface Unreported {
  readonly runId: string;
  readonly lane: string;
  readonly flow: string;
}

/**
 * Takes the samples of all lanes of one run after the other, and holds every lane against the first that reports the flow. Of
 * what is over it keeps only the series that others are held against, so that any number of runs can be compared.
 */
export class Comparison {
  readonly #tolerances: Tolerances;
  readonly #file: SpillFile | null;
  readonly #references = new Map<string, Reference>();
  /** By flow, in the order in which traffic names them first. */
  readonly #rows = new Map<string, FlowComparison[]>();
  readonly #unreported: Unreported[] = [];
  #paths = new PathTable();
  #run: { readonly described: ComparedRun; readonly paths: PathTable; readonly series: Map<string, FlowSeries> } | null = null;

  /** @param file takes most of the samples, until the result is asked for */
  constructor(tolerances: Tolerances, file: SpillFile | null = null) {
    this.#tolerances = tolerances;
    this.#file = file;
  }

  /** What is added from now on is of this run. */
  begin(run: ComparedRun): void {
    this.#end();
    this.#run = { described: run, paths: new PathTable(this.#paths), series: new Map() };
    for (const { id } of run.traffic) if (!this.#rows.has(id)) this.#rows.set(id, []);
  }

  add(sample: FlowSample): void {
    const { paths, series } = this.#run!;
    const key = keyOf(sample.lane, sample.flow);
    let found = series.get(key);
    if (!found) {
      found = new FlowSeries(paths, this.#file);
      series.set(key, found);
    }
    found.add(sample);
  }

  /** By flow, in the order of the traffic, then by run and lane, then by quantity. Ends the run that is being added. */
  result(): FlowComparison[] {
    this.#end();
    return [...this.#rows.values()].flat();
  }

  /** Flows of the traffic that a lane said nothing of. Ends the run that is being added. */
  unreported(): readonly Unreported[] {
    this.#end();
    return this.#unreported;
  }

  #end(): void {
    if (this.#run === null) return;
    const { described, paths, series } = this.#run;
    this.#run = null;
    const { runId, lanes, statistical, traffic } = described;
    for (const lane of lanes) {
      for (const flow of traffic) {
        const { id, kind } = flow;
        const found = series.get(keyOf(lane, id));
        if (found === undefined) {
          this.#unreported.push({ runId, lane, flow: id });
          continue;
        }
        const packetsPerS = kind === 'udp' ? datagramsPerS(flow) : null;
        const side: Side = { runId, lane, statistical: statistical.includes(lane), packetsPerS, series: found };
        const reference = this.#references.get(id);
        if (reference === undefined) {
          this.#references.set(id, { kind, side });
          // Its paths have the numbers of this table from now on.
          this.#paths = paths;
        } else this.#rows.get(id)!.push(...compareSides(id, reference.kind === 'tcp' ? 'tcp' : kind, reference.side, side, this.#tolerances));
      }
    }
  }
}

interface Reference {
  readonly kind: Flow['kind'];
  readonly side: Side;
}

const keyOf = (...parts: readonly string[]): string => parts.join('\n');
