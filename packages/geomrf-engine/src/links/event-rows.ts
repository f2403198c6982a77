import { column, grown } from './columns.js';

/** Rows of a few whole numbers each, back to back; written again at each tick. */
export class EventRows {
  /** Rows. */
  count = 0;
  values: Int32Array;
  /** Numbers in a row. */
  readonly width: 2 | 3;

  /** @param shared whether another thread reads it */
  constructor(width: 2 | 3, shared: boolean) {
    this.width = width;
    this.values = column(Int32Array, shared);
  }

  /** @param c of rows of three */
  add(a: number, b: number, c = 0): void {
    const at = this.width * this.count++;
    // At a stream's first tick there are many: little steps would leave copies behind.
    if (at + this.width > this.values.length) this.values = grown(this.values, 2 * at + 64);
    this.values[at] = a;
    this.values[at + 1] = b;
    if (this.width === 3) this.values[at + 2] = c;
  }
}
