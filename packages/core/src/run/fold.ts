import { columnTick } from '../contract/column-tick.js';
import type { LinkId, LinkIdentity, LinkState, TickColumns, TickUpdate } from '../contract/tick.js';

/** Several ticks becoming one that leads to the same state. */
export interface Fold {
  /** `false`, and nothing done, when the tick is not of the kind that this fold takes. */
  add(tick: TickUpdate): boolean;
  /** A tick like the last one, with the changes of all of them. */
  into(last: TickUpdate): TickUpdate;
}

/** Takes ticks whose columns are those of one stream, and makes no object of a link. */
export class ColumnFold implements Fold {
  readonly #links: readonly LinkIdentity[];
  readonly #changes = new Changes<number>();
  /** By number, the latest; only those of the changes count. */
  readonly #up: number[] = [];
  readonly #oneWayDelayMs: number[] = [];
  readonly #capacityMbps: number[] = [];
  readonly #lossPct: number[] = [];

  constructor({ links }: TickColumns) {
    this.#links = links;
  }

  add({ columns, snapshot }: TickUpdate): boolean {
    if (columns?.links !== this.#links) return false;
    const { removals, link, up, oneWayDelayMs, capacityMbps, lossPct } = columns;
    this.#changes.add(snapshot, removals, link);
    for (let row = 0; row < link.length; row += 1) {
      const number = link[row]!;
      this.#up[number] = up[row]!;
      this.#oneWayDelayMs[number] = oneWayDelayMs[row]!;
      this.#capacityMbps[number] = capacityMbps[row]!;
      this.#lossPct[number] = lossPct[row]!;
    }
    return true;
  }

  into({ runId, scenarioRef, tickIndex, simTimeMs, stats }: TickUpdate): TickUpdate {
    const { snapshot, removals, updates } = this.#changes;
    const link = Int32Array.from(updates);
    const latest = (values: readonly number[]): Float64Array => Float64Array.from(link, (number) => values[number]!);
    return columnTick(
      { runId, scenarioRef, tickIndex, simTimeMs, snapshot, stats },
      {
        links: this.#links,
        removals: Int32Array.from(removals),
        link,
        up: Uint8Array.from(link, (number) => this.#up[number]!),
        oneWayDelayMs: latest(this.#oneWayDelayMs),
        capacityMbps: latest(this.#capacityMbps),
        lossPct: latest(this.#lossPct),
      },
    );
  }
}

/** Takes any ticks. */
export class ObjectFold implements Fold {
  readonly #changes = new Changes<LinkId>();
  readonly #links = new Map<LinkId, LinkState>();

  add({ snapshot, removals, updates }: TickUpdate): boolean {
    this.#changes.add(
      snapshot,
      removals,
      updates.map(({ linkId }) => linkId),
    );
    for (const link of updates) this.#links.set(link.linkId, link);
    return true;
  }

  into(last: TickUpdate): TickUpdate {
    const { snapshot, removals, updates } = this.#changes;
    return { ...last, snapshot, removals: [...removals], updates: Array.from(updates, (id) => this.#links.get(id)!) };
  }
}

/** Which links are removed and which updated in the end, by what tells them apart. */
class Changes<Key> {
  snapshot = false;
  readonly removals = new Set<Key>();
  readonly updates = new Set<Key>();

  add(snapshot: boolean, removals: Iterable<Key>, updates: Iterable<Key>): void {
    if (snapshot) {
      this.snapshot = true;
      this.removals.clear();
      this.updates.clear();
    }
    for (const link of removals) {
      this.updates.delete(link);
      // In a snapshot what isn't listed is gone anyway.
      if (!this.snapshot) this.removals.add(link);
    }
    for (const link of updates) {
      this.updates.add(link);
      // An update carries the whole state, so the removal before it has no effect of its own.
      this.removals.delete(link);
    }
  }
}
