import type { FlowSample } from '../contract/results.js';
import type { NodeId } from '../contract/tick.js';
import type { FlowSummary } from '../run/types.js';

/** Numbers in the order they came, eight bytes each. */
class Numbers {
  #values = new Float64Array(64);
  #length = 0;

  add(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  sorted(): Float64Array {
    return this.#values.slice(0, this.#length).sort();
  }
}

/**
 * The q-quantile of ascending values, interpolated between the two nearest ranks (Hyndman & Fan 1996, definition 7, as
 * numpy and R have it by default). At least one value.
 */
function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const low = Math.floor(at);
  const a = sorted[low]!;
  const b = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return a + (b - a) * (at - low);
}

/** Gathers what one lane says of one flow. */
export class FlowStatistics {
  readonly #flow: string;
  readonly #lane: string;
  readonly #rttMs = new Numbers();
  readonly #paths = new Map<string, { readonly nodes: readonly NodeId[]; samples: number }>();
  #samples = 0;
  #known = 0;
  #available = 0;
  #pathChanges = 0;
  #handovers = 0;
  #outages = 0;
  #outageSinceMs: number | null = null;
  #longestOutageMs = 0;
  #last: FlowSample | null = null;

  constructor(flow: string, lane: string) {
    this.#flow = flow;
    this.#lane = lane;
  }

  add(sample: FlowSample): void {
    this.#samples += 1;
    if (sample.rttMs !== null) this.#rttMs.add(sample.rttMs);
    if (sample.lossPct !== null) this.#addAvailability(sample.lossPct !== 100, sample.simTimeMs);
    if (sample.pathHash !== null) this.#addPath(sample.pathHash, sample.path);
    this.#last = sample;
  }

  summary(): FlowSummary {
    const rtt = this.#rttMs.sorted();
    const main = [...this.#paths.values()].reduce<{ nodes: readonly NodeId[]; samples: number } | null>(
      (best, path) => (best && best.samples >= path.samples ? best : path),
      null,
    );
    const openOutageMs = this.#outageSinceMs === null || this.#last === null ? 0 : this.#last.simTimeMs - this.#outageSinceMs;
    return {
      id: this.#flow,
      lane: this.#lane,
      rttMs: rtt.length === 0 ? null : { min: rtt[0]!, median: quantile(rtt, 0.5), p99: quantile(rtt, 0.99), max: rtt[rtt.length - 1]! },
      availability: this.#known === 0 ? null : this.#available / this.#known,
      pathChanges: this.#pathChanges,
      handovers: main === null ? null : this.#handovers,
      outages: this.#outages,
      longestOutageS: Math.max(this.#longestOutageMs, openOutageMs) / 1000,
      mainPath: main === null ? null : { nodes: main.nodes, share: main.samples / this.#samples },
      samples: this.#samples,
    };
  }

  #addAvailability(available: boolean, simTimeMs: number): void {
    this.#known += 1;
    if (available) {
      this.#available += 1;
      if (this.#outageSinceMs !== null) this.#longestOutageMs = Math.max(this.#longestOutageMs, simTimeMs - this.#outageSinceMs);
      this.#outageSinceMs = null;
    } else if (this.#outageSinceMs === null) {
      this.#outages += 1;
      this.#outageSinceMs = simTimeMs;
    }
  }

  /** Only two samples that follow each other and both have a path tell of a change: coming back after an outage is none. */
  #addPath(hash: string, nodes: readonly NodeId[] | undefined): void {
    const before = this.#last;
    if (before !== null && before.pathHash !== null && before.pathHash !== hash) {
      this.#pathChanges += 1;
      if (nodes && before.path && (nodes[1] !== before.path[1] || nodes.at(-2) !== before.path.at(-2))) this.#handovers += 1;
    }
    if (!nodes) return;
    const known = this.#paths.get(hash);
    if (known) known.samples += 1;
    else this.#paths.set(hash, { nodes, samples: 1 });
  }
}
