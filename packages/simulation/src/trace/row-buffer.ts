const COMMA = 0x2c;
const DOT = 0x2e;
const MINUS = 0x2d;
const NEWLINE = 0x0a;
const ZERO = 0x30;
/** No field is longer: 17 digits, a sign, a dot and what follows. */
const FIELD_BYTES = 32;

/** Rows of comma-separated numbers as ASCII, without a string for each: traces have millions. */
export class RowBuffer {
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** Appends a whole number and what stands after it. */
  integer(value: number): this {
    this.#room();
    if (value < 0) this.#bytes[this.#length++] = MINUS;
    this.#digits(Math.abs(value), 1);
    this.#bytes[this.#length++] = COMMA;
    return this;
  }

  /**
   * Appends `units` / 10^`decimals`, with all its decimals.
   * @param units a whole number, not negative, below 2^53
   */
  fixed(units: number, decimals: number): this {
    this.#room();
    this.#digits(units, decimals + 1);
    const end = this.#length;
    this.#bytes.copyWithin(end - decimals + 1, end - decimals, end);
    this.#bytes[end - decimals] = DOT;
    this.#bytes[end + 1] = COMMA;
    this.#length = end + 2;
    return this;
  }

  /** Appends a field with nothing in it. */
  empty(): this {
    this.#room();
    this.#bytes[this.#length++] = COMMA;
    return this;
  }

  /** Ends the row. */
  end(): void {
    this.#bytes[this.#length - 1] = NEWLINE;
  }

  /** What has been appended since the last time; nobody else holds it. */
  take(): Uint8Array {
    const rows = this.#bytes.slice(0, this.#length);
    this.#length = 0;
    return rows;
  }

  #digits(value: number, atLeast: number): void {
    let count = 1;
    for (let rest = value; rest >= 10; rest /= 10) count++;
    // The division above may round up to a power of ten, or not quite down to one.
    if (value >= 10 ** count) count++;
    else if (count > 1 && value < 10 ** (count - 1)) count--;
    count = Math.max(count, atLeast);
    let rest = value;
    for (let place = this.#length + count - 1; place >= this.#length; place--) {
      const tenth = Math.floor(rest / 10);
      this.#bytes[place] = ZERO + (rest - tenth * 10);
      rest = tenth;
    }
    this.#length += count;
  }

  #room(): void {
    if (this.#length + FIELD_BYTES <= this.#bytes.length) return;
    const more = new Uint8Array(2 * this.#bytes.length);
    more.set(this.#bytes);
    this.#bytes = more;
  }
}
