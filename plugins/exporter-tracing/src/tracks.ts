import type { Metadata } from './trace-event.js';

export const PID = 1;
/** A thread with the number of its process is taken for its main thread. */
const FIRST_TID = 10;

interface Row {
  readonly tid: number;
  endUs: number;
}

/**
 * The lines of the picture. What overlaps on one track goes to further rows of it: a viewer nests slices of one row, and
 * drops or distorts those that merely overlap.
 */
export class Tracks {
  readonly #tracks = new Map<string, { readonly order: number; readonly rows: Row[] }>();
  readonly #emit: (event: Metadata) => void;
  #nextTid = FIRST_TID;

  /** @param emit takes the names of rows, each before anything is on it */
  constructor(emit: (event: Metadata) => void) {
    this.#emit = emit;
  }

  /**
   * A row of the track that is free from then on; starts may come in any order.
   * @param order where the track stands in the picture, from the top, when it is new
   */
  row(track: string, order: number, startUs: number, endUs: number): number {
    const found = this.#tracks.get(track) ?? { order, rows: [] };
    this.#tracks.set(track, found);
    let row = found.rows.find((one) => one.endUs <= startUs);
    if (!row) {
      row = { tid: this.#nextTid, endUs };
      this.#nextTid += 1;
      found.rows.push(row);
      const name = found.rows.length === 1 ? track : `${track} (${found.rows.length})`;
      this.#emit({ ph: 'M', name: 'thread_name', pid: PID, tid: row.tid, args: { name } });
      this.#emit({ ph: 'M', name: 'thread_sort_index', pid: PID, tid: row.tid, args: { sort_index: found.order } });
    }
    row.endUs = endUs;
    return row.tid;
  }
}
