import type { LinkId, LinkIdentity, LinkState, NetworkNode, NodeId, TickColumns, TickUpdate } from '@satsim/core';

/**
 * A link's weight is its delay in whole nanoseconds times this, plus 1: one exact number that orders paths by delay and,
 * among equal delays, by hops. Exact up to 65,535 hops and 137 s of delay along a path.
 */
const HOPS_PER_NANOSECOND = 65_536;
const NANOSECONDS_PER_MS = 1_000_000;

/** Number that no link has. Its weight is infinite, so that what leads over it is no way. */
export const NO_LINK = 0;

/** What routing reads of a tick. Where there are `columns`, neither `removals` nor `updates` is touched. */
export type RoutedTick = Pick<TickUpdate, 'snapshot' | 'removals' | 'updates' | 'columns'>;

/**
 * Numbered nodes and links, and the state of each link. A number is never given to another node or link, so that ways found
 * at an earlier tick can be followed at a later one, whatever happened in between.
 */
export class LinkGraph {
  /** Counts ticks. */
  version = 0;
  /** The last version at which a link came or went. */
  setVersion = 0;
  /** Nodes that relay are 0 … relayCount − 1. */
  readonly relayCount: number;
  readonly ids: NodeId[] = [];
  /** By number, as all that follows. */
  readonly identities: LinkIdentity[] = [{ linkId: '', source: '', target: '', kind: 'terrestrial' }];
  sources = new Int32Array(256);
  targets = new Int32Array(256);
  /** Infinite for a link that is not there, or carries nothing: one that is down, or has no capacity. */
  weights = new Float64Array(256);
  /** The links that are there, in no order: the first `presentCount`. */
  present = new Int32Array(256);
  presentCount = 0;
  /** Place of a link in `present`, or -1. */
  #places = new Int32Array(256);
  #ups = new Uint8Array(256);
  #delaysMs = new Float64Array(256);
  #capacitiesMbps = new Float64Array(256);
  #lossesPct = new Float64Array(256);
  /** States as they came, or as they were made for somebody; undefined after an update in columns. */
  readonly #states: (LinkState | undefined)[] = [undefined];
  readonly #nodeNumbers = new Map<NodeId, number>();
  readonly #linkNumbers = new Map<LinkId, number>();
  #columnNumbers: ColumnNumbers | null = null;
  #ranks: Int32Array | null = null;

  constructor(nodes: readonly NetworkNode[]) {
    this.weights[NO_LINK] = Number.POSITIVE_INFINITY;
    for (const node of nodes) if (node.relay) this.#nodeNumber(node.id);
    this.relayCount = this.ids.length;
    for (const node of nodes) this.#nodeNumber(node.id);
  }

  nodeNumber(id: NodeId): number | undefined {
    return this.#nodeNumbers.get(id);
  }

  apply(tick: RoutedTick): void {
    this.version++;
    if (tick.snapshot) while (this.presentCount > 0) this.#remove(this.present[this.presentCount - 1]);
    if (tick.columns) this.#applyColumns(tick.columns);
    else this.#applyStates(tick);
  }

  #applyStates(tick: RoutedTick): void {
    for (const id of tick.removals) {
      const link = this.#linkNumbers.get(id);
      if (link !== undefined) this.#remove(link);
    }
    for (const state of tick.updates) {
      const link = this.#linkNumber(state);
      this.#update(link, state.up && state.capacityMbps > 0, state.oneWayDelayMs);
      this.#states[link] = state;
    }
  }

  #applyColumns({ links, removals, link: updated, up, oneWayDelayMs, capacityMbps, lossPct }: TickColumns): void {
    if (this.#columnNumbers?.links !== links) this.#columnNumbers = { links, numbers: [] };
    const { numbers } = this.#columnNumbers;
    while (numbers.length < links.length) numbers.push(this.#linkNumber(links[numbers.length]));
    for (const column of removals) this.#remove(numbers[column]);
    for (let row = 0; row < updated.length; row++) {
      const link = numbers[updated[row]];
      this.#update(link, up[row] === 1 && capacityMbps[row] > 0, oneWayDelayMs[row]);
      this.#ups[link] = up[row];
      this.#delaysMs[link] = oneWayDelayMs[row];
      this.#capacitiesMbps[link] = capacityMbps[row];
      this.#lossesPct[link] = lossPct[row];
      this.#states[link] = undefined;
    }
  }

  /** State of a link that is there. */
  state(link: number): LinkState {
    return (this.#states[link] ??= {
      ...this.identities[link],
      up: this.#ups[link] === 1,
      oneWayDelayMs: this.#delaysMs[link],
      capacityMbps: this.#capacitiesMbps[link],
      lossPct: this.#lossesPct[link],
    });
  }

  /** All links that are there, those that are down too. */
  *presentStates(): Generator<LinkState> {
    for (let i = 0; i < this.presentCount; i++) yield this.state(this.present[i]);
  }

  /** Between ways of equal weight over one link or the other: the lower id of the next node, then of the link. */
  comesFirst(link: number, other: number): boolean {
    const ranks = this.#ranksOfNodes();
    const difference = ranks[this.targets[link]] - ranks[this.targets[other]];
    return difference === 0 ? this.identities[link].linkId < this.identities[other].linkId : difference < 0;
  }

  /** Place of each node in the order of their ids (by UTF-16 code units, the same everywhere). */
  #ranksOfNodes(): Int32Array {
    if (this.#ranks === null) {
      const order = this.ids.map((_, node) => node).toSorted((a, b) => (this.ids[a] < this.ids[b] ? -1 : 1));
      const ranks = new Int32Array(order.length);
      order.forEach((node, rank) => (ranks[node] = rank));
      this.#ranks = ranks;
    }
    return this.#ranks;
  }

  #nodeNumber(id: NodeId): number {
    let node = this.#nodeNumbers.get(id);
    if (node === undefined) {
      node = this.ids.push(id) - 1;
      this.#nodeNumbers.set(id, node);
      this.#ranks = null;
    }
    return node;
  }

  #linkNumber({ linkId, source, target, kind }: LinkIdentity): number {
    let link = this.#linkNumbers.get(linkId);
    if (link === undefined) {
      link = this.identities.push({ linkId, source, target, kind }) - 1;
      this.#linkNumbers.set(linkId, link);
      this.#states.push(undefined);
      if (link === this.weights.length) this.#growLinks();
      // Of a node that nobody announced nothing is known: it passes no traffic on.
      this.sources[link] = this.#nodeNumber(source);
      this.targets[link] = this.#nodeNumber(target);
      this.weights[link] = Number.POSITIVE_INFINITY;
      this.#places[link] = -1;
    }
    return link;
  }

  #update(link: number, carries: boolean, oneWayDelayMs: number): void {
    if (this.#places[link] < 0) {
      this.#places[link] = this.presentCount;
      this.present[this.presentCount++] = link;
      this.setVersion = this.version;
    }
    this.weights[link] = carries ? Math.round(oneWayDelayMs * NANOSECONDS_PER_MS) * HOPS_PER_NANOSECOND + 1 : Number.POSITIVE_INFINITY;
  }

  #remove(link: number): void {
    const place = this.#places[link];
    if (place < 0) return;
    const last = this.present[--this.presentCount];
    this.present[place] = last;
    this.#places[last] = place;
    this.#places[link] = -1;
    this.weights[link] = Number.POSITIVE_INFINITY;
    this.#states[link] = undefined;
    this.setVersion = this.version;
  }

  #growLinks(): void {
    const size = 2 * this.weights.length;
    this.sources = grown(this.sources, new Int32Array(size));
    this.targets = grown(this.targets, new Int32Array(size));
    this.weights = grown(this.weights, new Float64Array(size));
    this.present = grown(this.present, new Int32Array(size));
    this.#places = grown(this.#places, new Int32Array(size));
    this.#ups = grown(this.#ups, new Uint8Array(size));
    this.#delaysMs = grown(this.#delaysMs, new Float64Array(size));
    this.#capacitiesMbps = grown(this.#capacitiesMbps, new Float64Array(size));
    this.#lossesPct = grown(this.#lossesPct, new Float64Array(size));
  }
}

/** A stream's own numbers of links, and ours by them. */
interface ColumnNumbers {
  readonly links: readonly LinkIdentity[];
  readonly numbers: number[];
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
