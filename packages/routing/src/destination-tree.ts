import { NO_LINK } from './link-graph.js';
import type { SearchSpace } from './search-space.js';

const INFINITE = Number.POSITIVE_INFINITY;
/** Mark of a key that is still to be computed. */
const UNKNOWN = -1;
/** When less than this share of the nodes that had a way still have it, searching anew is cheaper than repairing. */
const WORTH_REPAIRING = 0.75;

/**
 * Weights of the best ways of all nodes to one destination. A tree by destination is what forwarding needs: the next hop
 * of a node is the same for all traffic to that destination.
 *
 * From tick to tick the tree is repaired: the old ways with their new weights bound the best ones from above; one look at
 * every link finds where a better way begins, and from there it spreads in the order of weights, as in Dijkstra's algorithm
 * (Numerische Mathematik 1, 1959, problem 2). Weights are exact and above 0, so there is one solution, and a repaired tree equals
 * one computed anew: which links lead on is read from the keys, with the tie-break, never from how they were found.
 */
export class DestinationTree {
  readonly #space: SearchSpace;
  readonly #destination: number;
  /** By node: weight of its best way; infinite without one, and for those that do not relay, as no way leads through them. */
  #keys = new Float64Array(0);
  /** By relaying node: some link that begins a best way, or did when there last was one, and its target. */
  readonly #nextLinks: Int32Array;
  readonly #nextNodes: Int32Array;
  /** Number of relaying nodes with a way. */
  #reached = 0;
  #version = -1;

  constructor(space: SearchSpace, destination: number) {
    this.#space = space;
    this.#destination = destination;
    this.#nextLinks = new Int32Array(space.graph.relayCount).fill(NO_LINK);
    this.#nextNodes = new Int32Array(space.graph.relayCount).fill(destination);
  }

  /**
   * The link that the best way from `source` begins with, or `NO_LINK` without one and at the destination: of equal ways by the lower id of the
   * next node, then of the link.
   */
  nextLink(source: number): number {
    if (source === this.#destination) return NO_LINK;
    this.#sync();
    const { outgoing, graph } = this.#space;
    let best = NO_LINK;
    let bestKey = INFINITE;
    for (let i = outgoing.first[source]; i < outgoing.first[source + 1]; i++) {
      const link = outgoing.links[i];
      const key = this.#keys[graph.targets[link]] + graph.weights[link];
      if (key < bestKey || (key === bestKey && best !== NO_LINK && graph.comesFirst(link, best))) {
        best = link;
        bestKey = key;
      }
    }
    return best;
  }

  #sync(): void {
    const { graph } = this.#space;
    if (this.#version === graph.version) return;
    this.#version = graph.version;
    this.#space.sync();
    if (this.#keys.length < graph.ids.length) this.#keys = new Float64Array(graph.ids.length).fill(INFINITE);
    const hadWay = this.#reached;
    this.#followOldWays();
    if (hadWay > 0 && this.#reached >= WORTH_REPAIRING * hadWay) this.#relax(0, graph.relayCount);
    else this.#forget();
    this.#relax(this.#destination, this.#destination + 1);
    const { queue } = this.#space;
    for (let node = queue.take(this.#keys); node >= 0; node = queue.take(this.#keys)) this.#relax(node, node + 1);
  }

  /** Keys of the old ways with the present weights: each once, after those that lie behind it. */
  #followOldWays(): void {
    const { stack } = this.#space;
    const { weights, relayCount } = this.#space.graph;
    const keys = this.#keys;
    const nextLinks = this.#nextLinks;
    const nextNodes = this.#nextNodes;
    let reached = 0;
    keys.fill(UNKNOWN, 0, relayCount);
    keys[this.#destination] = 0;
    for (let start = 0; start < relayCount; start++) {
      let depth = 0;
      let node = start;
      let key = keys[node];
      while (key === UNKNOWN) {
        stack[depth++] = node;
        node = nextNodes[node];
        key = keys[node];
      }
      while (depth > 0) {
        node = stack[--depth];
        key += weights[nextLinks[node]];
        keys[node] = key;
        if (key < INFINITE) reached++;
      }
    }
    this.#reached = reached;
  }

  #forget(): void {
    this.#keys.fill(INFINITE, 0, this.#space.graph.relayCount);
    this.#keys[this.#destination] = 0;
    this.#reached = 0;
  }

  /** Offers the ways through the nodes `from` … `to − 1` to those that have links to them, and queues who takes one. */
  #relax(from: number, to: number): void {
    const { incoming, sources, weights, queue } = this.#space;
    const { first, links } = incoming;
    const keys = this.#keys;
    let reached = this.#reached;
    for (let target = from, i = first[from]; target < to; target++) {
      const targetKey = keys[target];
      for (const end = first[target + 1]; i < end; i++) {
        const source = sources[i];
        const key = targetKey + weights[i];
        const known = keys[source];
        if (key < known) {
          if (known === INFINITE) reached++;
          keys[source] = key;
          this.#nextLinks[source] = links[i];
          this.#nextNodes[source] = target;
          queue.put(source, key);
        }
      }
    }
    this.#reached = reached;
  }
}
