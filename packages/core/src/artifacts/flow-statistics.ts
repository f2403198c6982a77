import type { FlowSample } from '../contract/results.js';
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
export function quantile(sorted: Float64Array, q: number): number {
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
  #samples = 0;
  #known = 0;
  #available = 0;
  #lastPath: string | null = null;
  #pathChanges = 0;

  constructor(flow: string, lane: string) {
    this.#flow = flow;
    this.#lane = lane;
  }

  add(sample: FlowSample): void {
    this.#samples += 1;
    if (sample.rttMs !== null) this.#rttMs.add(sample.rttMs);
    if (sample.lossPct !== null) {
      this.#known += 1;
      if (sample.lossPct !== 100) this.#available += 1;
    }
    // Only two samples that follow each other and both have a path tell of a change: coming back after an outage is none.
    if (sample.pathHash !== null && this.#lastPath !== null && sample.pathHash !== this.#lastPath) this.#pathChanges += 1;
    this.#lastPath = sample.pathHash;
  }

  summary(): FlowSummary {
    const rtt = this.#rttMs.sorted();
    return {
      id: this.#flow,
      lane: this.#lane,
      rttMs: rtt.length === 0 ? null : { min: rtt[0]!, median: quantile(rtt, 0.5), p99: quantile(rtt, 0.99), max: rtt[rtt.length - 1]! },
      availability: this.#known === 0 ? null : this.#available / this.#known,
      pathChanges: this.#pathChanges,
      samples: this.#samples,
    };
  }
}
