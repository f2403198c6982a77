import type { LinkIdentity, LinkState, TickColumns, TickUpdate } from '@satsim/core';
import type { NetworkIndex } from './network-index.js';
import { RowBuffer } from './row-buffer.js';

/** First line of a `links.trace`. */
export const LINKS_HEADER = '#satsim-links 1 tick,t_s,link,up,delay_s,rate_bps,loss\n';

const NS_PER_MS = 1e6;
const BPS_PER_MBPS = 1e6;
/** The unit of loss: a billionth. */
const PPB_PER_PERCENT = 1e7;

/** Known links have 1, those that left or never were 0. */
class LinkColumns {
  known = new Uint8Array(256);
  up = new Uint8Array(256);
  delayNs = new Float64Array(256);
  rateBps = new Float64Array(256);
  lossPpb = new Float64Array(256);

  grow(count: number): void {
    if (count <= this.known.length) return;
    const size = Math.max(count, 2 * this.known.length);
    this.known = copied(this.known, new Uint8Array(size));
    this.up = copied(this.up, new Uint8Array(size));
    this.delayNs = copied(this.delayNs, new Float64Array(size));
    this.rateBps = copied(this.rateBps, new Float64Array(size));
    this.lossPpb = copied(this.lossPpb, new Float64Array(size));
  }
}

/**
 * Makes the rows of `links.trace` out of ticks: for each tick the directed links that are different afterwards, first those
 * that left, then the others, each by number. What doesn't change the state of a link makes no row, and memory is that of
 * one state a link. Of a tick with columns only these are read.
 */
export class TraceWriter {
  readonly #network: NetworkIndex;
  readonly #t0Ms: number;
  readonly #rows = new RowBuffer();
  readonly #written = new LinkColumns();
  readonly #next = new LinkColumns();
  /** Links that the tick names, each once; the tick that named a link last. */
  #named = new Int32Array(256);
  #namedCount = 0;
  #namedAt = new Int32Array(256);
  #ticks = 0;
  #columnNumbers: { readonly links: readonly LinkIdentity[]; numbers: Int32Array } | null = null;
  #rowCount = 0;

  constructor(network: NetworkIndex, t0Ms: number) {
    this.#network = network;
    this.#t0Ms = t0Ms;
  }

  /** Rows so far, without the header. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /**
   * @returns the rows of this tick
   * @throws LaneError when a link has an end that the scenario doesn't have
   */
  rows(tick: TickUpdate): Uint8Array {
    this.#ticks += 1;
    this.#namedCount = 0;
    if (tick.snapshot) for (let link = 0; link < 2 * this.#network.pairs.length; link++) if (this.#next.known[link]) this.#remove(link);
    if (tick.columns) this.#takeColumns(tick.columns);
    else this.#takeStates(tick.removals, tick.updates);
    return this.#write(tick.tickIndex, tick.simTimeMs - this.#t0Ms);
  }

  #takeStates(removals: readonly string[], updates: readonly LinkState[]): void {
    const network = this.#network;
    network.number(updates.filter(({ linkId }) => network.link(linkId) === undefined));
    this.#grow();
    for (const id of removals) {
      const link = network.link(id);
      if (link !== undefined) this.#remove(link);
    }
    for (const { linkId, up, oneWayDelayMs, capacityMbps, lossPct } of updates) this.#set(network.link(linkId)!, up, oneWayDelayMs, capacityMbps, lossPct);
  }

  #takeColumns({ links, removals, link: updated, up, oneWayDelayMs, capacityMbps, lossPct }: TickColumns): void {
    if (this.#columnNumbers?.links !== links) this.#columnNumbers = { links, numbers: new Int32Array(0) };
    const mine = this.#columnNumbers;
    if (mine.numbers.length < links.length) mine.numbers = copied(mine.numbers, new Int32Array(2 * links.length).fill(-1));
    const { numbers } = mine;
    // The list of links may be ahead of this tick: a link gets its number when a tick first says something of it.
    const fresh: LinkIdentity[] = [];
    for (const column of updated) if (numbers[column] === -1) fresh.push(links[column]!);
    if (fresh.length > 0) {
      this.#network.number(fresh);
      for (const column of updated) if (numbers[column] === -1) numbers[column] = this.#network.link(links[column]!.linkId)!;
    }
    this.#grow();
    for (const column of removals) {
      // An earlier tick may have told of it without columns.
      const link = numbers[column] === -1 ? this.#network.link(links[column]!.linkId) : numbers[column];
      if (link !== undefined) this.#remove(link);
    }
    for (let row = 0; row < updated.length; row++) {
      this.#set(numbers[updated[row]!]!, up[row] === 1, oneWayDelayMs[row]!, capacityMbps[row]!, lossPct[row]!);
    }
  }

  #remove(link: number): void {
    this.#next.known[link] = 0;
    this.#name(link);
  }

  #set(link: number, up: boolean, oneWayDelayMs: number, capacityMbps: number, lossPct: number): void {
    const next = this.#next;
    const rateBps = Math.round(capacityMbps * BPS_PER_MBPS);
    next.known[link] = 1;
    // Simulators have no link without a rate: one that carries nothing is down.
    next.up[link] = up && rateBps > 0 ? 1 : 0;
    next.delayNs[link] = Math.round(oneWayDelayMs * NS_PER_MS);
    next.rateBps[link] = rateBps;
    next.lossPpb[link] = Math.round(lossPct * PPB_PER_PERCENT);
    this.#name(link);
  }

  #name(link: number): void {
    if (this.#namedAt[link] === this.#ticks) return;
    this.#namedAt[link] = this.#ticks;
    if (this.#namedCount === this.#named.length) this.#named = copied(this.#named, new Int32Array(2 * this.#namedCount));
    this.#named[this.#namedCount++] = link;
  }

  #write(tickIndex: number, sinceT0Ms: number): Uint8Array {
    const [rows, written, next] = [this.#rows, this.#written, this.#next];
    const named = this.#named.subarray(0, this.#namedCount).sort();
    for (const link of named) {
      if (!written.known[link] || next.known[link]) continue;
      written.known[link] = 0;
      rows.integer(tickIndex).fixed(sinceT0Ms, 3).integer(link).integer(0).empty().empty().empty().end();
      this.#rowCount += 1;
    }
    for (const link of named) {
      if (!next.known[link] || this.#isWritten(link)) continue;
      written.known[link] = 1;
      written.up[link] = next.up[link]!;
      written.delayNs[link] = next.delayNs[link]!;
      written.rateBps[link] = next.rateBps[link]!;
      written.lossPpb[link] = next.lossPpb[link]!;
      rows.integer(tickIndex).fixed(sinceT0Ms, 3).integer(link).integer(next.up[link]!);
      rows.fixed(next.delayNs[link]!, 9).integer(next.rateBps[link]!).fixed(next.lossPpb[link]!, 9).end();
      this.#rowCount += 1;
    }
    return rows.take();
  }

  #isWritten(link: number): boolean {
    const [written, next] = [this.#written, this.#next];
    return (
      written.known[link] === 1 &&
      written.up[link] === next.up[link] &&
      written.delayNs[link] === next.delayNs[link] &&
      written.rateBps[link] === next.rateBps[link] &&
      written.lossPpb[link] === next.lossPpb[link]
    );
  }

  #grow(): void {
    const count = 2 * this.#network.pairs.length;
    this.#written.grow(count);
    this.#next.grow(count);
    if (count > this.#namedAt.length) this.#namedAt = copied(this.#namedAt, new Int32Array(Math.max(count, 2 * this.#namedAt.length)));
  }
}

function copied<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
