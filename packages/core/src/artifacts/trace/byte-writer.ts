import { writeNumber } from './number-text.js';

/** Text that is put together byte by byte, in a buffer that grows. */
export class ByteWriter {
  #out: Buffer;
  #view: DataView;
  #length = 0;

  constructor(bytes: number) {
    this.#out = Buffer.allocUnsafe(bytes);
    this.#view = viewOf(this.#out);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; the caller's until the next {@link clear} or write. */
  get bytes(): Buffer {
    return this.#out.subarray(0, this.#length);
  }

  /** Takes back what was written after `length`; all of it by default. */
  clear(length = 0): void {
    this.#length = length;
  }

  /** Makes room for so many bytes more. */
  reserve(bytes: number): void {
    if (this.#length + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#length + bytes));
    larger.set(this.bytes);
    this.#out = larger;
    this.#view = viewOf(larger);
  }

  /** Into room that is reserved. */
  put(bytes: Uint8Array): void {
    this.#out.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /**
   * A few bytes of others, into room that is reserved, four at a time: for so few a loop takes half as long as the call of
   * `set`, which wants an array of its own for each text.
   */
  copy(from: DataView, start = 0, end = from.byteLength): void {
    const view = this.#view;
    const by = this.#length - start;
    let at = start;
    for (; at + 4 <= end; at += 4) view.setInt32(at + by, from.getInt32(at));
    for (; at < end; at += 1) view.setInt8(at + by, from.getInt8(at));
    this.#length = end + by;
  }

  /** One byte, into room that is reserved. */
  byte(value: number): void {
    this.#out[this.#length] = value;
    this.#length += 1;
  }

  /** As JSON has it, into `NUMBER_BYTES` that are reserved. */
  number(value: number): void {
    this.#length = writeNumber(this.#out, this.#length, value);
  }

  /** @param after what is reserved behind it */
  text(text: string, after = 0): void {
    this.reserve(3 * text.length + after);
    this.#length += this.#out.write(text, this.#length);
  }
}

export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
