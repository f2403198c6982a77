const DIGIT_BITS = 11;
const DIGIT = (1 << DIGIT_BITS) - 1;

/** Sorts numbers by radix: bits of non-negative single-precision numbers are in the order of the numbers. */
export class AscendingOrder {
  #keys = new Float32Array(0);
  #bits = new Uint32Array(0);
  #order = new Int32Array(0);
  #other = new Int32Array(0);
  readonly #places = new Int32Array(DIGIT + 1);

  /** Room for so many numbers, 0 or more each, to be written before {@link sort}. */
  keys(count: number): Float32Array {
    if (this.#keys.length < count) {
      this.#keys = new Float32Array(Math.ceil(1.5 * count));
      this.#bits = new Uint32Array(this.#keys.buffer);
      this.#order = new Int32Array(this.#keys.length);
      this.#other = new Int32Array(this.#keys.length);
    }
    return this.#keys;
  }

  /** Indices of the first `count` keys, ascending by key; equal ones as they came. */
  sort(count: number): Int32Array {
    const [bits, places] = [this.#bits, this.#places];
    let [from, to] = [this.#order, this.#other];
    for (let i = 0; i < count; i++) from[i] = i;
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      places.fill(0);
      for (let i = 0; i < count; i++) places[(bits[i] >>> shift) & DIGIT]++;
      for (let d = 0, sum = 0; d <= DIGIT; d++) {
        const members = places[d];
        places[d] = sum;
        sum += members;
      }
      for (let k = 0; k < count; k++) {
        const i = from[k];
        to[places[(bits[i] >>> shift) & DIGIT]++] = i;
      }
      [from, to] = [to, from];
    }
    return from.subarray(0, count);
  }
}
