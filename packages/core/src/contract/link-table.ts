import type { LinkId, LinkState, TickUpdate } from './tick.js';

/** Folds ticks into the current state of every known link. */
export class LinkTable {
  readonly #links = new Map<LinkId, LinkState>();

  /** Applies one tick: a snapshot replaces everything, removals go before updates. */
  apply(tick: Pick<TickUpdate, 'snapshot' | 'removals' | 'updates'>): void {
    if (tick.snapshot) this.#links.clear();
    for (const id of tick.removals) this.#links.delete(id);
    for (const link of tick.updates) this.#links.set(link.linkId, link);
  }

  get(id: LinkId): LinkState | undefined {
    return this.#links.get(id);
  }

  get size(): number {
    return this.#links.size;
  }

  values(): IterableIterator<LinkState> {
    return this.#links.values();
  }
}
