import type { LinkId, LinkKind, TickUpdate } from '@satsim/core';

export const LINK_KINDS: readonly LinkKind[] = ['isl', 'gsl', 'terrestrial'];

/** Counts the links that are up, from what each tick changes. */
export class UpLinks {
  readonly #kinds = new Map<LinkId, LinkKind>();
  readonly #counts: Record<LinkKind, number> = { isl: 0, gsl: 0, terrestrial: 0 };

  apply({ snapshot, removals, updates }: Pick<TickUpdate, 'snapshot' | 'removals' | 'updates'>): void {
    if (snapshot) for (const id of this.#kinds.keys()) this.#down(id);
    for (const id of removals) this.#down(id);
    for (const { linkId, kind, up } of updates) {
      this.#down(linkId);
      if (!up) continue;
      this.#kinds.set(linkId, kind);
      this.#counts[kind] += 1;
    }
  }

  count(kind: LinkKind): number {
    return this.#counts[kind];
  }

  #down(id: LinkId): void {
    const kind = this.#kinds.get(id);
    if (kind === undefined) return;
    this.#kinds.delete(id);
    this.#counts[kind] -= 1;
  }
}
