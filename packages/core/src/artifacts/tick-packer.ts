import type { LinkId, LinkIdentity, TickColumns, TickUpdate } from '../contract/tick.js';

/**
 * Reads the plain ticks of one stream as columns, by giving their links numbers. Budgets (`rf`) have no column, and a
 * removal of a link that never was is left out.
 */
export class TickPacker {
  readonly #links: LinkIdentity[] = [];
  readonly #numbers = new Map<LinkId, number>();

  pack({ removals, updates }: Pick<TickUpdate, 'removals' | 'updates'>): TickColumns {
    const n = updates.length;
    const columns = {
      links: this.#links,
      removals: Int32Array.from(removals.flatMap((id) => this.#numbers.get(id) ?? [])),
      link: new Int32Array(n),
      up: new Uint8Array(n),
      oneWayDelayMs: new Float64Array(n),
      capacityMbps: new Float64Array(n),
      lossPct: new Float64Array(n),
    };
    for (let row = 0; row < n; row += 1) {
      const update = updates[row]!;
      columns.link[row] = this.#number(update);
      columns.up[row] = update.up ? 1 : 0;
      columns.oneWayDelayMs[row] = update.oneWayDelayMs;
      columns.capacityMbps[row] = update.capacityMbps;
      columns.lossPct[row] = update.lossPct;
    }
    return columns;
  }

  #number({ linkId, source, target, kind }: LinkIdentity): number {
    const known = this.#numbers.get(linkId);
    if (known !== undefined) {
      const link = this.#links[known]!;
      if (link.source === source && link.target === target && link.kind === kind) return known;
    }
    const number = this.#links.push({ linkId, source, target, kind }) - 1;
    this.#numbers.set(linkId, number);
    return number;
  }
}
