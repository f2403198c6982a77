import type { DeltaThresholds } from '@satsim/geomrf-proto';
import type { LinkTable } from './link-table.js';

/** Compares each tick's links with what was last sent and names those that have to be sent again. */
export class DeltaFilter {
  readonly #delayS: number;
  readonly #capacityBps: number;
  readonly #lossRate: number;
  #up = new Uint8Array(0);
  #sentDelayS = new Float64Array(0);
  #sentCapacityBps = new Float64Array(0);
  #sentLossRate = new Float64Array(0);

  constructor(thresholds: DeltaThresholds | undefined) {
    this.#delayS = thresholds?.delayS ?? 0;
    this.#capacityBps = thresholds?.capacityBps ?? 0;
    this.#lossRate = thresholds?.lossRate ?? 0;
  }

  /**
   * Slots that left and slots to send, in key order. What it names counts as sent.
   *
   * @param table after settle, before endTick
   */
  next(table: LinkTable): { readonly removals: readonly number[]; readonly updates: readonly number[] } {
    if (this.#up.length < table.capacity) this.#grow(table.capacity);
    const removals: number[] = [];
    const updates: number[] = [];
    for (const slot of table.live) {
      if (table.hasLeft(slot)) removals.push(slot);
      else if (table.isNew(slot) || this.#differs(table, slot)) {
        updates.push(slot);
        this.#up[slot] = table.up[slot];
        this.#sentDelayS[slot] = table.delayS[slot];
        this.#sentCapacityBps[slot] = table.capacityBps[slot];
        this.#sentLossRate[slot] = table.lossRate[slot];
      }
    }
    return { removals, updates };
  }

  #differs(table: LinkTable, slot: number): boolean {
    return (
      table.up[slot] !== this.#up[slot] ||
      Math.abs(table.delayS[slot] - this.#sentDelayS[slot]) > this.#delayS ||
      Math.abs(table.capacityBps[slot] - this.#sentCapacityBps[slot]) > this.#capacityBps ||
      Math.abs(table.lossRate[slot] - this.#sentLossRate[slot]) > this.#lossRate
    );
  }

  #grow(capacity: number): void {
    const wider = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const copy = new Float64Array(capacity);
      copy.set(column);
      return copy;
    };
    const up = new Uint8Array(capacity);
    up.set(this.#up);
    this.#up = up;
    this.#sentDelayS = wider(this.#sentDelayS);
    this.#sentCapacityBps = wider(this.#sentCapacityBps);
    this.#sentLossRate = wider(this.#sentLossRate);
  }
}
