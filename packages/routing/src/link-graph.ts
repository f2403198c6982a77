import type { LinkId, LinkState, NetworkNode, NodeId, TickUpdate } from '@satsim/core';

/**
 * A link's weight is its delay in whole nanoseconds times this, plus 1: one exact number that orders paths by delay and,
 * among equal delays, by hops. Exact up to 65,535 hops and 137 s of delay along a path.
 */
const HOPS_PER_NANOSECOND = 65_536;
const NANOSECONDS_PER_MS = 1_000_000;

/**
 * Numbered nodes and, for each, the list of the links that lead to it and are up. Follows the ticks: what a tick does not
 * mention is not touched.
 */
export class LinkGraph {
  /** Counts the changes, so that what was computed before can be told from what is still true. */
  version = 0;
  readonly ids: NodeId[] = [];
  readonly states: LinkState[] = [];
  relays = new Uint8Array(64);
  /** First link that leads to a node, or -1. */
  firstIn = new Int32Array(64).fill(-1);
  /** By link: the next one to the same target, and the one before, or -1. */
  nextIn = new Int32Array(256);
  sources = new Int32Array(256);
  targets = new Int32Array(256);
  weights = new Float64Array(256);
  #previousIn = new Int32Array(256);
  #attached = new Uint8Array(256);
  readonly #nodeNumbers = new Map<NodeId, number>();
  readonly #linkNumbers = new Map<LinkId, number>();
  readonly #freeLinks: number[] = [];
  #ranks: Int32Array | null = null;

  constructor(nodes: readonly NetworkNode[]) {
    for (const node of nodes) this.#addNode(node.id, node.relay);
  }

  nodeNumber(id: NodeId): number | undefined {
    return this.#nodeNumbers.get(id);
  }

  apply(tick: Pick<TickUpdate, 'snapshot' | 'removals' | 'updates'>): void {
    this.version++;
    if (tick.snapshot) for (const id of this.#linkNumbers.keys()) this.#remove(id);
    for (const id of tick.removals) this.#remove(id);
    for (const state of tick.updates) this.#update(state);
  }

  /** All present links, those that are down too. */
  *present(): Generator<LinkState> {
    for (const link of this.#linkNumbers.values()) yield this.states[link];
  }

  /** Place of each node in the order of their ids (by UTF-16 code units, the same everywhere). */
  ranks(): Int32Array {
    if (this.#ranks === null) {
      const order = this.ids.map((_, node) => node).toSorted((a, b) => (this.ids[a] < this.ids[b] ? -1 : 1));
      const ranks = new Int32Array(order.length);
      order.forEach((node, rank) => (ranks[node] = rank));
      this.#ranks = ranks;
    }
    return this.#ranks;
  }

  #addNode(id: NodeId, relay: boolean): number {
    const known = this.#nodeNumbers.get(id);
    if (known !== undefined) return known;
    const node = this.ids.push(id) - 1;
    this.#nodeNumbers.set(id, node);
    this.#ranks = null;
    if (node === this.relays.length) {
      this.relays = grown(this.relays, new Uint8Array(2 * node));
      this.firstIn = grown(this.firstIn, new Int32Array(2 * node).fill(-1));
    }
    this.relays[node] = relay ? 1 : 0;
    return node;
  }

  #update(state: LinkState): void {
    let link = this.#linkNumbers.get(state.linkId);
    if (link === undefined) {
      link = this.#freeLinks.pop() ?? this.states.length;
      if (link === this.weights.length) this.#growLinks();
      this.#linkNumbers.set(state.linkId, link);
      this.#attached[link] = 0;
      // Of a node that nobody announced nothing is known: it passes no traffic on.
      this.sources[link] = this.#addNode(state.source, false);
      this.targets[link] = this.#addNode(state.target, false);
    }
    this.states[link] = state;
    this.weights[link] = Math.round(state.oneWayDelayMs * NANOSECONDS_PER_MS) * HOPS_PER_NANOSECOND + 1;
    const attached = this.#attached[link] === 1;
    if (state.up && !attached) this.#attach(link);
    else if (!state.up && attached) this.#detach(link);
  }

  #remove(id: LinkId): void {
    const link = this.#linkNumbers.get(id);
    if (link === undefined) return;
    if (this.#attached[link] === 1) this.#detach(link);
    this.#linkNumbers.delete(id);
    this.#freeLinks.push(link);
  }

  #attach(link: number): void {
    const target = this.targets[link];
    const next = this.firstIn[target];
    this.nextIn[link] = next;
    this.#previousIn[link] = -1;
    if (next >= 0) this.#previousIn[next] = link;
    this.firstIn[target] = link;
    this.#attached[link] = 1;
  }

  #detach(link: number): void {
    const previous = this.#previousIn[link];
    const next = this.nextIn[link];
    if (previous >= 0) this.nextIn[previous] = next;
    else this.firstIn[this.targets[link]] = next;
    if (next >= 0) this.#previousIn[next] = previous;
    this.#attached[link] = 0;
  }

  #growLinks(): void {
    const size = 2 * this.weights.length;
    this.nextIn = grown(this.nextIn, new Int32Array(size));
    this.sources = grown(this.sources, new Int32Array(size));
    this.targets = grown(this.targets, new Int32Array(size));
    this.weights = grown(this.weights, new Float64Array(size));
    this.#previousIn = grown(this.#previousIn, new Int32Array(size));
    this.#attached = grown(this.#attached, new Uint8Array(size));
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
