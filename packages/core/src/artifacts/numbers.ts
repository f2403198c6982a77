import type { Distribution } from '../run/types.js';

/** Numbers in the order they came, eight bytes each. */
export class Numbers {
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

  /** A view that the next {@link add} may leave behind. */
  values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  distribution(): Distribution | null {
    return distributionOf(this.values());
  }
}

/** `null` of no values. */
export function distributionOf(values: Float64Array): Distribution | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted();
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { min: sorted[0]!, mean, median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1)! };
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
