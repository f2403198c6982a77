import type { LinkIdentity, TickColumns } from '@satsim/core';
import type { LinkColumns } from '@satsim/geomrf-proto';
import { identify, isSound, toCapacityMbps, toDelayMs, toLossPct, unsound } from './link-values.js';
import { INDEX_BYTES, REAL_BYTES, type Refuse, column, countOf, refusing } from './wire-bytes.js';

const NONE = -1;
/** A link type is one byte. */
const TYPES = 256;

/**
 * Reads the packed columns of one run's streams. On the wire a link has an index for as long as it is in the link set;
 * here it gets a number when it is first heard of and keeps it, and so does what names it.
 */
export class ColumnReader {
  readonly #links: LinkIdentity[] = [];
  /** By source, target and type. */
  readonly #numbers = new Map<number, number>();
  #nodeIds: readonly string[] = [];
  #modcods: readonly string[] = [];
  /** The number of the link that has an index. */
  #numberAt = new Int32Array(0);
  /** Links of the set now. */
  #size = 0;
  /** What the largest set so far can have had: indices are below. */
  #limit = 0;

  /** By their number on the wire. */
  get modcods(): readonly string[] {
    return this.#modcods;
  }

  /**
   * Batches have to come in the order of a stream, each once; a snapshot starts anew.
   *
   * @throws GeomrfError when the columns do not fit together or say something that no link can be
   */
  read(columns: LinkColumns, tickIndex: number, snapshot: boolean): TickColumns {
    const refuse = refusing(tickIndex);
    if (snapshot) {
      this.#numberAt.fill(NONE);
      this.#size = 0;
    }
    this.#learnNames(columns);
    this.#makeRoom(this.#size + countOf(columns.entered, 'entered', refuse));
    const removals = this.#leave(columns, refuse);
    this.#enter(columns, refuse);
    return { links: this.#links, removals, ...this.#updates(columns, tickIndex, refuse) };
  }

  /** Names come with the first batch of a stream. Were they others than before, known links could not be told by them. */
  #learnNames({ nodeIds, modcods }: LinkColumns): void {
    if (modcods.length > 0) this.#modcods = modcods;
    if (nodeIds.length === 0) return;
    const same = nodeIds.length === this.#nodeIds.length && nodeIds.every((id, at) => id === this.#nodeIds[at]);
    if (!same) this.#numbers.clear();
    this.#nodeIds = nodeIds;
  }

  #makeRoom(links: number): void {
    this.#limit = Math.max(this.#limit, links);
    if (this.#limit <= this.#numberAt.length) return;
    const larger = new Int32Array(2 * this.#limit).fill(NONE);
    larger.set(this.#numberAt);
    this.#numberAt = larger;
  }

  #leave({ removed }: LinkColumns, refuse: Refuse): Int32Array {
    const removals = new Int32Array(countOf(removed, 'removed', refuse));
    const indices = column(removed, removed.length, 'removed', refuse);
    for (let i = 0; i < removals.length; i += 1) {
      const index = indices.getUint32(i * INDEX_BYTES, true);
      removals[i] = this.#numberOf(index, refuse);
      this.#numberAt[index] = NONE;
    }
    this.#size -= removals.length;
    return removals;
  }

  #enter({ entered, enteredSource, enteredTarget, enteredType }: LinkColumns, refuse: Refuse): void {
    const n = entered.length / INDEX_BYTES;
    const indices = column(entered, entered.length, 'entered', refuse);
    const sources = column(enteredSource, entered.length, 'entered_source', refuse);
    const targets = column(enteredTarget, entered.length, 'entered_target', refuse);
    const types = column(enteredType, n, 'entered_type', refuse);
    for (let i = 0; i < n; i += 1) {
      const index = indices.getUint32(i * INDEX_BYTES, true);
      if (index >= this.#limit) refuse(`index ${index}, with ${this.#limit} links at most so far`);
      if (this.#numberAt[index] !== NONE) refuse(`index ${index} for a second link`);
      const [source, target] = [sources.getUint32(i * INDEX_BYTES, true), targets.getUint32(i * INDEX_BYTES, true)];
      this.#numberAt[index] = this.#numberFor(types.getUint8(i), source, target, refuse);
    }
    this.#size += n;
  }

  #numberFor(linkType: number, source: number, target: number, refuse: Refuse): number {
    const nodes = this.#nodeIds.length;
    if (source >= nodes || target >= nodes) refuse(`a link from node ${source} to ${target}; it named ${nodes} nodes`);
    const key = (source * nodes + target) * TYPES + linkType;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#links.push(identify(linkType, this.#nodeIds[source]!, this.#nodeIds[target]!)) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  #updates(columns: LinkColumns, tickIndex: number, refuse: Refuse): Omit<TickColumns, 'links' | 'removals'> {
    const n = countOf(columns.link, 'link', refuse);
    const indices = column(columns.link, n * INDEX_BYTES, 'link', refuse);
    const ups = column(columns.up, n, 'up', refuse);
    const delays = column(columns.oneWayDelayS, n * REAL_BYTES, 'one_way_delay_s', refuse);
    const capacities = column(columns.capacityBps, n * REAL_BYTES, 'capacity_bps', refuse);
    const losses = column(columns.lossRate, n * REAL_BYTES, 'loss_rate', refuse);
    const link = new Int32Array(n);
    const up = new Uint8Array(n);
    const oneWayDelayMs = new Float64Array(n);
    const capacityMbps = new Float64Array(n);
    const lossPct = new Float64Array(n);
    for (let row = 0; row < n; row += 1) {
      const number = this.#numberOf(indices.getUint32(row * INDEX_BYTES, true), refuse);
      const delayS = delays.getFloat64(row * REAL_BYTES, true);
      const bps = capacities.getFloat64(row * REAL_BYTES, true);
      const rate = losses.getFloat64(row * REAL_BYTES, true);
      if (!isSound(delayS, bps, rate)) throw unsound(tickIndex, this.#links[number]!, delayS, bps, rate);
      if (ups.getUint8(row) > 1) refuse(`${this.#links[number]!.linkId} with ${ups.getUint8(row)} for up`);
      link[row] = number;
      up[row] = ups.getUint8(row);
      oneWayDelayMs[row] = toDelayMs(delayS);
      capacityMbps[row] = toCapacityMbps(bps);
      lossPct[row] = toLossPct(rate);
    }
    return { link, up, oneWayDelayMs, capacityMbps, lossPct };
  }

  #numberOf(index: number, refuse: Refuse): number {
    const number = this.#numberAt[index] ?? NONE;
    return number === NONE ? refuse(`index ${index}, which no link has`) : number;
  }
}
