import type { TickColumns, TickUpdate } from '../../contract/tick.js';
import { LinkNumbers } from './link-numbers.js';

/**
 * Reads the plain ticks of one stream as columns, by giving their links numbers. Budgets (`rf`) have no column, and a
 * removal of a link that never was is left out.
 */
export class TickPacker {
  readonly #numbers: LinkNumbers;

  constructor(numbers = new LinkNumbers()) {
    this.#numbers = numbers;
  }

  pack({ removals, updates }: Pick<TickUpdate, 'removals' | 'updates'>): TickColumns {
    const n = updates.length;
    const columns = {
      links: this.#numbers.links,
      removals: Int32Array.from(removals.flatMap((id) => this.#numbers.known(id) ?? [])),
      link: new Int32Array(n),
      up: new Uint8Array(n),
      oneWayDelayMs: new Float64Array(n),
      capacityMbps: new Float64Array(n),
      lossPct: new Float64Array(n),
    };
    for (let row = 0; row < n; row += 1) {
      const update = updates[row]!;
      columns.link[row] = this.#numbers.of(update);
      columns.up[row] = update.up ? 1 : 0;
      columns.oneWayDelayMs[row] = update.oneWayDelayMs;
      columns.capacityMbps[row] = update.capacityMbps;
      columns.lossPct[row] = update.lossPct;
    }
    return columns;
  }
}
