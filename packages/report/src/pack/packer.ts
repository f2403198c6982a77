import type { Column } from './column.js';

/** The largest whole number that survives the arithmetic of differences of differences. */
const LIMIT = 2 ** 50;

/**
 * Numbers as bytes: quantised, as differences, each in as few bytes as it needs (7 bits a byte, the lowest first). 0 stands for
 * `null`, which changes nothing for the difference after it.
 */
export class Packer {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;

  /**
   * @param scale whole steps that make 1: 1000 keeps three decimals
   * @throws RangeError for a number that is too large, or not finite
   */
  column(values: ArrayLike<number | null>, scale = 1): Column {
    const at = this.#length;
    this.#write(values, scale, 1);
    const first = this.#length - at;
    this.#write(values, scale, 2);
    const second = this.#length - at - first;
    if (second >= first) {
      this.#length = at + first;
      return { at, n: values.length, scale, order: 1 };
    }
    this.#bytes.copyWithin(at, at + first, this.#length);
    this.#length = at + second;
    return { at, n: values.length, scale, order: 2 };
  }

  /** All columns so far. */
  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #write(values: ArrayLike<number | null>, scale: number, order: 1 | 2): void {
    let last = 0;
    let step = 0;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i]!;
      if (value === null) {
        this.#number(0);
        continue;
      }
      const whole = Math.round(value * scale);
      if (!(Math.abs(whole) < LIMIT)) throw new RangeError(`${value} cannot be packed in steps of 1/${scale}`);
      const difference = whole - last;
      const rest = order === 1 ? difference : difference - step;
      last = whole;
      step = difference;
      // Signs alternate: 1 is 0, 2 is -1, 3 is 1, 4 is -2 …
      this.#number(rest >= 0 ? 2 * rest + 1 : -2 * rest);
    }
  }

  #number(value: number): void {
    if (this.#length + 9 > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    let rest = value;
    // Not by bits, which end at 2³¹.
    while (rest >= 128) {
      this.#bytes[this.#length] = (rest % 128) + 128;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length] = rest;
    this.#length += 1;
  }
}
