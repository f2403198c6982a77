import type { LinkId, LinkIdentity, LinkKind, TickUpdate } from '@satsim/core';

export const LINK_KINDS: readonly LinkKind[] = ['isl', 'gsl', 'terrestrial'];

/** Counts the links that are up, from what each tick changes. */
export class UpLinks {
  readonly #kinds = new Map<LinkId, LinkKind>();
  readonly #counts: Record<LinkKind, number> = { isl: 0, gsl: 0, terrestrial: 0 };

  apply(tick: Pick<TickUpdate, 'snapshot' | 'removals' | 'updates' | 'columns'>): void {
    if (tick.snapshot) for (const id of this.#kinds.keys()) this.#down(id);
    for (const id of tick.removals) this.#down(id);
    const { columns } = tick;
    if (columns) columns.link.forEach((number, row) => this.#set(columns.links[number]!, columns.up[row] === 1));
    else for (const link of tick.updates) this.#set(link, link.up);
  }

  count(kind: LinkKind): number {
    return this.#counts[kind];
  }

  #set({ linkId, kind }: LinkIdentity, up: boolean): void {
    this.#down(linkId);
    if (!up) return;
    this.#kinds.set(linkId, kind);
    this.#counts[kind] += 1;
  }

  #down(id: LinkId): void {
    const kind = this.#kinds.get(id);
    if (kind === undefined) return;
    this.#kinds.delete(id);
    this.#counts[kind] -= 1;
  }
}
