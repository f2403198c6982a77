import type { LinkId, LinkState, TickUpdate } from '@satsim/core';
import { boolean, integer, real, timestamp, word } from './column.js';
import type { Table } from './parquet-table.js';

/** A link that was set to a state, or removed. */
export interface LinkRow {
  readonly tickIndex: number;
  readonly simTimeMs: number;
  readonly linkId: LinkId;
  /** `null`: removed. */
  readonly state: LinkState | null;
}

/** `kind:source>target` */
function endsOf(id: LinkId): { readonly kind: string; readonly source: string; readonly target: string } {
  const [colon, arrow] = [id.indexOf(':'), id.indexOf('>')];
  return { kind: id.slice(0, colon), source: id.slice(colon + 1, arrow), target: id.slice(arrow + 1) };
}

/** Removals sort before updates, and that is also the order in which they apply. */
export const TICKS: Table<LinkRow> = {
  path: 'results/ticks.parquet',
  columns: [
    integer('tick_index', (row) => row.tickIndex),
    timestamp('sim_time', (row) => row.simTimeMs),
    word('link_id', (row) => row.linkId),
    word('source', (row) => (row.state ?? endsOf(row.linkId)).source),
    word('target', (row) => (row.state ?? endsOf(row.linkId)).target),
    word('kind', (row) => (row.state ?? endsOf(row.linkId)).kind),
    word('change', (row) => (row.state === null ? 'removal' : 'update')),
    boolean('up', (row) => row.state?.up ?? null, { optional: true }),
    real('one_way_delay_ms', (row) => row.state?.oneWayDelayMs ?? null, { optional: true }),
    real('capacity_mbps', (row) => row.state?.capacityMbps ?? null, { optional: true }),
    real('loss_pct', (row) => row.state?.lossPct ?? null, { optional: true }),
  ],
  sortedBy: ['tick_index', 'change', 'link_id'],
};

/**
 * Turns ticks into rows. A later snapshot becomes removals of the links it no longer has: whoever applies the rows in their
 * order has the network at every tick, without knowing what a snapshot is.
 */
export class LinkRows {
  readonly #known = new Set<LinkId>();

  of({ tickIndex, simTimeMs, snapshot, removals, updates }: TickUpdate): LinkRow[] {
    const gone = snapshot ? this.#absentFrom(updates) : removals;
    for (const id of gone) this.#known.delete(id);
    for (const { linkId } of updates) this.#known.add(linkId);
    const removed = gone.map((linkId): LinkRow => ({ tickIndex, simTimeMs, linkId, state: null }));
    const updated = updates.map((state): LinkRow => ({ tickIndex, simTimeMs, linkId: state.linkId, state }));
    return [...removed.sort(byLinkId), ...updated.sort(byLinkId)];
  }

  #absentFrom(updates: readonly LinkState[]): LinkId[] {
    const present = new Set(updates.map(({ linkId }) => linkId));
    return [...this.#known].filter((id) => !present.has(id));
  }
}

const byLinkId = (a: LinkRow, b: LinkRow): number => (a.linkId < b.linkId ? -1 : a.linkId > b.linkId ? 1 : 0);
