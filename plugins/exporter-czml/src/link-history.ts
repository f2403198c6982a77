import type { LinkId, LinkKind, LinkState, NodeId, TickUpdate } from '@satsim/core';
import { Intervals } from './intervals.js';

/** Both directions of a link, drawn as one line. */
export interface LinkPair {
  readonly kind: LinkKind;
  readonly ends: readonly [NodeId, NodeId];
  /** When at least one direction was up. */
  readonly up: Intervals;
}

interface Tracked extends LinkPair {
  readonly upDirections: Set<LinkId>;
}

/** The same for both directions. */
export const pairKey = (a: NodeId, b: NodeId): string => (a < b ? `${a}>${b}` : `${b}>${a}`);

/** Folds ticks into the intervals in which links were up. */
export class LinkHistory {
  readonly #pairs = new Map<string, Tracked>();
  readonly #byLink = new Map<LinkId, Tracked>();

  apply({ simTimeMs, snapshot, removals, updates }: Pick<TickUpdate, 'simTimeMs' | 'snapshot' | 'removals' | 'updates'>): void {
    for (const id of snapshot ? this.#absentFrom(updates) : removals) this.#down(id, simTimeMs);
    for (const link of updates) {
      if (link.up) this.#up(link, simTimeMs);
      else this.#down(link.linkId, simTimeMs);
    }
  }

  /** Those that were up at some time. */
  pairs(): readonly LinkPair[] {
    return [...this.#pairs.values()];
  }

  #up(link: LinkState, timeMs: number): void {
    const pair = this.#byLink.get(link.linkId) ?? this.#track(link);
    pair.upDirections.add(link.linkId);
    pair.up.on(timeMs);
  }

  #down(id: LinkId, timeMs: number): void {
    const pair = this.#byLink.get(id);
    if (pair?.upDirections.delete(id) && pair.upDirections.size === 0) pair.up.off(timeMs);
  }

  #track({ linkId, kind, source, target }: LinkState): Tracked {
    const key = `${kind}:${pairKey(source, target)}`;
    const pair = this.#pairs.get(key) ?? { kind, ends: source < target ? [source, target] : [target, source], up: new Intervals(), upDirections: new Set() };
    this.#pairs.set(key, pair);
    this.#byLink.set(linkId, pair);
    return pair;
  }

  #absentFrom(updates: readonly LinkState[]): LinkId[] {
    const present = new Set(updates.map(({ linkId }) => linkId));
    return [...this.#byLink.keys()].filter((id) => !present.has(id));
  }
}
