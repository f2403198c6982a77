import type { LinkBudget, LinkId, LinkState, TickUpdate } from '../contract/tick.js';
import { GeomrfError } from '../errors.js';

/** The parts of a link's text that never change, and its place in the order of link ids. */
interface LinkText {
  readonly linkId: LinkId;
  readonly source: string;
  readonly target: string;
  readonly identity: string;
  readonly ends: string;
  rank: number;
  live: boolean;
}

/**
 * The canonical text of ticks: one JSON line each, without runId, scenarioRef and stats; keys sorted, removals and
 * updates sorted by link id, numbers as JSON has them (shortest that reads back the same).
 *
 * Written by hand, because a generic serialiser with sorted keys takes several times as long: what is static about a
 * link is kept as text, and known links are sorted by a number.
 */
export class TickText {
  readonly #links = new Map<LinkId, LinkText>();
  /** Known links in the order of their ids; stale after `#added` or a removal. */
  #ordered: LinkText[] = [];
  #stale = false;
  #texts: LinkText[] = [];
  #keys = new Float64Array(1024);

  /**
   * With a newline at the end.
   * @throws GeomrfError GEOMRF_INTERNAL when a number is not finite
   */
  line(tick: TickUpdate): string {
    this.#forget(tick);
    const order = this.#order(tick.updates);
    const n = tick.updates.length;
    const texts = this.#texts;
    let out = '';
    for (let i = 0; i < n; i += 1) {
      const at = order ? order[i]! % n : i;
      const link = tick.updates[at]!;
      const text = texts[at]!;
      const { capacityMbps, lossPct, oneWayDelayMs } = link;
      // x - x is 0 for every finite x and NaN for the others.
      if (capacityMbps - capacityMbps + (lossPct - lossPct) + (oneWayDelayMs - oneWayDelayMs) !== 0) notFinite(tick.tickIndex, link);
      out += (i === 0 ? '{"capacityMbps":' : ',{"capacityMbps":') + capacityMbps + text.identity + lossPct + ',"oneWayDelayMs":' + oneWayDelayMs;
      if (link.rf !== undefined) out += budgetText(tick.tickIndex, link, link.rf);
      out += text.ends + (link.up ? 'true}' : 'false}');
    }
    const removals = tick.removals.length === 0 ? '[]' : JSON.stringify([...tick.removals].sort());
    return `{"removals":${removals},"simTimeMs":${tick.simTimeMs},"snapshot":${tick.snapshot},"tickIndex":${tick.tickIndex},"updates":[${out}]}\n`;
  }

  /** Links that are gone are not kept: the cache is as large as the network, not as the run. */
  #forget(tick: TickUpdate): void {
    if (tick.snapshot) {
      this.#links.clear();
      this.#ordered = [];
      this.#stale = true;
    }
    for (const id of tick.removals) {
      const text = this.#links.get(id);
      if (!text) continue;
      text.live = false;
      this.#links.delete(id);
      this.#stale = true;
    }
  }

  /** Fills `#texts` for the updates; sort keys (rank · n + index) in ascending order, or `null` when they are in order. */
  #order(updates: readonly LinkState[]): Float64Array | null {
    const n = updates.length;
    const texts = this.#texts;
    for (let i = 0; i < n; i += 1) {
      const link = updates[i]!;
      let text = this.#links.get(link.linkId);
      if (text === undefined || text.source !== link.source || text.target !== link.target) {
        if (text !== undefined) text.live = false;
        text = linkText(link);
        this.#links.set(link.linkId, text);
        this.#ordered.push(text);
        this.#stale = true;
      }
      texts[i] = text;
    }
    if (this.#stale) this.#rank();
    let sorted = true;
    for (let i = 1; i < n && sorted; i += 1) sorted = texts[i - 1]!.rank <= texts[i]!.rank;
    if (sorted) return null;
    if (this.#keys.length < n) this.#keys = new Float64Array(2 * n);
    const keys = this.#keys.subarray(0, n);
    for (let i = 0; i < n; i += 1) keys[i] = texts[i]!.rank * n + i;
    return keys.sort();
  }

  /** Nearly sorted already (new links stand at the end), which is what the sort of arrays is good at. */
  #rank(): void {
    this.#ordered = this.#ordered.filter((text) => text.live).sort((a, b) => (a.linkId < b.linkId ? -1 : a.linkId > b.linkId ? 1 : 0));
    this.#ordered.forEach((text, rank) => {
      text.rank = rank;
    });
    this.#stale = false;
  }
}

function linkText(link: LinkState): LinkText {
  return {
    linkId: link.linkId,
    source: link.source,
    target: link.target,
    identity: `,"kind":${JSON.stringify(link.kind)},"linkId":${JSON.stringify(link.linkId)},"lossPct":`,
    ends: `,"source":${JSON.stringify(link.source)},"target":${JSON.stringify(link.target)},"up":`,
    rank: 0,
    live: true,
  };
}

function budgetText(tickIndex: number, link: LinkState, rf: LinkBudget): string {
  const { azimuthDeg, elevationDeg, marginDb, slantRangeKm, snrDb } = rf;
  if (![azimuthDeg, elevationDeg, marginDb, slantRangeKm, snrDb].every((value) => value === null || Number.isFinite(value))) notFinite(tickIndex, link);
  const modcod = rf.modcod === null ? 'null' : JSON.stringify(rf.modcod);
  return `,"rf":{"azimuthDeg":${azimuthDeg},"elevationDeg":${elevationDeg},"marginDb":${marginDb},"modcod":${modcod},"slantRangeKm":${slantRangeKm},"snrDb":${snrDb}}`;
}

function notFinite(tickIndex: number, link: LinkState): never {
  throw new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex}: link ${link.linkId} has a quantity that is not a finite number: ${quantities(link)}`, {
    tickIndex,
    hint: 'the tick source is at fault; its version stands in manifests/run.json',
  });
}

function quantities({ capacityMbps, lossPct, oneWayDelayMs, rf }: LinkState): string {
  const all = Object.entries({ capacityMbps, lossPct, oneWayDelayMs, ...rf });
  return all.flatMap(([name, value]) => (typeof value === 'number' && !Number.isFinite(value) ? [`${name} ${value}`] : [])).join(', ');
}
