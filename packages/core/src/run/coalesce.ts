import type { LinkId, LinkState, TickUpdate } from '../contract/tick.js';

/** Gathers the changes of skipped ticks, so that the next delivered tick brings them along: no state is lost. */
export class Coalescer {
  #first: TickUpdate | null = null;
  #snapshot = false;
  readonly #removals = new Set<LinkId>();
  readonly #updates = new Map<LinkId, LinkState>();
  #computeMs = 0;
  #linksEvaluated = 0;
  #linksEmitted = 0;

  /** Keeps the changes of a tick that is not delivered. */
  skip(tick: TickUpdate): void {
    this.#first ??= tick;
    this.#fold(tick);
  }

  /** The tick as given when nothing was skipped before it, or one with the same index and time that leads to the same state. */
  deliver(tick: TickUpdate): TickUpdate {
    if (this.#first === null) return tick;
    this.#fold(tick);
    const merged: TickUpdate = {
      ...tick,
      snapshot: this.#snapshot,
      removals: [...this.#removals],
      updates: [...this.#updates.values()],
      stats: { ...tick.stats, computeMs: this.#computeMs, linksEvaluated: this.#linksEvaluated, linksEmitted: this.#linksEmitted },
    };
    this.#clear();
    this.#snapshot = false;
    this.#first = null;
    this.#computeMs = this.#linksEvaluated = this.#linksEmitted = 0;
    return merged;
  }

  #fold(tick: TickUpdate): void {
    if (tick.snapshot) {
      this.#clear();
      this.#snapshot = true;
    }
    for (const id of tick.removals) {
      this.#updates.delete(id);
      // In a snapshot what isn't listed is gone anyway.
      if (!this.#snapshot) this.#removals.add(id);
    }
    for (const link of tick.updates) {
      this.#updates.set(link.linkId, link);
      // An update carries the whole state, so the removal before it has no effect of its own.
      this.#removals.delete(link.linkId);
    }
    this.#computeMs += tick.stats.computeMs;
    this.#linksEvaluated += tick.stats.linksEvaluated;
    this.#linksEmitted += tick.stats.linksEmitted;
  }

  #clear(): void {
    this.#removals.clear();
    this.#updates.clear();
  }
}
