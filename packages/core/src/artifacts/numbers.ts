import type { Distribution } from '../run/types.js';
import type { SpillFile } from './spill-file.js';

/** So many stay in memory of a list that has a file. */
const IN_MEMORY = 4096;

/** Numbers in the order they came, eight bytes each: in memory, or all but the last few thousand in a file. */
export class Numbers {
  readonly #file: SpillFile | null;
  /** Places in the file, of {@link IN_MEMORY} numbers each. */
  readonly #spilled: number[] = [];
  #values = new Float64Array(64);
  /** Of those in memory. */
  #length = 0;

  constructor(file: SpillFile | null = null) {
    this.#file = file;
  }

  add(value: number): void {
    if (this.#length === this.#values.length) this.#makeRoom();
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  /** All of them. May be a view that the next {@link add} leaves behind, and may be read from the file each time. */
  values(): Float64Array {
    const last = this.#values.subarray(0, this.#length);
    if (this.#spilled.length === 0) return last;
    const all = new Float64Array(this.#spilled.length * IN_MEMORY + this.#length);
    this.#spilled.forEach((at, index) => this.#file!.get(at, all.subarray(index * IN_MEMORY, (index + 1) * IN_MEMORY)));
    all.set(last, this.#spilled.length * IN_MEMORY);
    return all;
  }

  distribution(): Distribution | null {
    return distributionOf(this.values());
  }

  #makeRoom(): void {
    // Once the disk had no room for some, all that come after them stay too.
    const at = this.#length === IN_MEMORY ? (this.#file?.put(this.#values) ?? null) : null;
    if (at !== null) {
      this.#spilled.push(at);
      this.#length = 0;
      return;
    }
    const grown = new Float64Array(2 * this.#length);
    grown.set(this.#values);
    this.#values = grown;
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
