import type { TickUpdate } from '../contract/tick.js';
import { ColumnFold, type Fold, ObjectFold } from './fold.js';

/** Gathers the changes of skipped ticks, so that the next delivered tick brings them along: no state is lost. */
export class Coalescer {
  #fold: Fold | null = null;
  /** The last tick that was folded. */
  #last: TickUpdate | null = null;
  #computeMs = 0;
  #linksEvaluated = 0;
  #linksEmitted = 0;

  /** Keeps the changes of a tick that is not delivered. */
  skip(tick: TickUpdate): void {
    this.#fold = this.#folded(tick);
    this.#last = tick;
    this.#computeMs += tick.stats.computeMs;
    this.#linksEvaluated += tick.stats.linksEvaluated;
    this.#linksEmitted += tick.stats.linksEmitted;
  }

  /** The tick as given when nothing was skipped before it, or one with the same index and time that leads to the same state. */
  deliver(tick: TickUpdate): TickUpdate {
    if (this.#fold === null) return tick;
    this.skip(tick);
    const stats = { ...tick.stats, computeMs: this.#computeMs, linksEvaluated: this.#linksEvaluated, linksEmitted: this.#linksEmitted };
    const merged = this.#fold.into({ ...tick, stats });
    this.#fold = this.#last = null;
    this.#computeMs = this.#linksEvaluated = this.#linksEmitted = 0;
    return merged;
  }

  #folded(tick: TickUpdate): Fold {
    const fold = this.#fold ?? (tick.columns ? new ColumnFold(tick.columns) : new ObjectFold());
    if (fold.add(tick)) return fold;
    const objects = new ObjectFold();
    objects.add(fold.into(this.#last!));
    objects.add(tick);
    return objects;
  }
}
