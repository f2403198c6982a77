import { LaneError, type LinkId, type LinkIdentity, type LinkKind, type NetworkNode, type NodeId } from '@satsim/core';

/** Two directed links between the same nodes, one there and one back. */
export interface LinkPair {
  readonly kind: LinkKind;
  /** Numbers of the nodes, the lower one first. */
  readonly a: number;
  readonly b: number;
}

/**
 * The numbers that simulators know nodes and links by. Nodes are counted in the order of the scenario. Links come in pairs:
 * pair p has the links 2p, from its node of the lower number to the other, and 2p + 1, back. Pairs are counted as they first
 * appear, those of one tick in the order of their link ids: the same ticks give the same numbers, however they arrive.
 */
export class NetworkIndex {
  readonly nodes: readonly NetworkNode[];
  readonly pairs: LinkPair[] = [];
  readonly #lane: string;
  readonly #nodeNumbers: ReadonlyMap<NodeId, number>;
  readonly #linkNumbers = new Map<LinkId, number>();
  readonly #pairNumbers = new Map<string, number>();

  /** @param lane whose name stands in errors */
  constructor(lane: string, nodes: readonly NetworkNode[]) {
    this.#lane = lane;
    this.nodes = nodes;
    this.#nodeNumbers = new Map(nodes.map(({ id }, number) => [id, number]));
  }

  /** @throws LaneError for a node that the scenario doesn't have */
  node(id: NodeId): number {
    const number = this.#nodeNumbers.get(id);
    if (number === undefined) throw new LaneError(this.#lane, `node ${id} is not one of the scenario's ${this.nodes.length} nodes`);
    return number;
  }

  /** Number of a link, or undefined while it has none. */
  link(id: LinkId): number | undefined {
    return this.#linkNumbers.get(id);
  }

  /**
   * Gives numbers to the links of one tick that have none yet; changes the order of the array.
   * @throws LaneError when one has an end that the scenario doesn't have
   */
  number(links: LinkIdentity[]): void {
    links.sort((one, other) => (one.linkId < other.linkId ? -1 : 1));
    for (const link of links) {
      if (this.#linkNumbers.has(link.linkId)) continue;
      const [source, target] = [this.node(link.source), this.node(link.target)];
      const [a, b] = source < target ? [source, target] : [target, source];
      const key = `${link.kind}:${a}:${b}`;
      let pair = this.#pairNumbers.get(key);
      if (pair === undefined) {
        pair = this.pairs.push({ kind: link.kind, a, b }) - 1;
        this.#pairNumbers.set(key, pair);
      }
      this.#linkNumbers.set(link.linkId, 2 * pair + (source === a ? 0 : 1));
    }
  }
}
