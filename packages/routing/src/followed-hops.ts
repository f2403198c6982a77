import type { LinkIdentity } from '@satsim/core';
import type { DestinationTree } from './destination-tree.js';
import { type LinkGraph, NO_LINK } from './link-graph.js';

/** A next hop that is another one than before. */
export type HopVisitor = (node: number, destination: number, hop: LinkIdentity | null) => void;

/** Next hops of some nodes to some destinations, of which only those that changed are told. */
export class FollowedHops {
  readonly #graph: LinkGraph;
  /** Numbers of the graph. */
  readonly #nodes: Int32Array;
  readonly #trees: readonly DestinationTree[];
  /** By destination and node: the links that were told last. */
  readonly #told: Int32Array;

  constructor(graph: LinkGraph, nodes: Int32Array, trees: readonly DestinationTree[]) {
    this.#graph = graph;
    this.#nodes = nodes;
    this.#trees = trees;
    this.#told = new Int32Array(nodes.length * trees.length).fill(NO_LINK);
  }

  /**
   * Tells what is different from the last time, by destination, then by node. Before the first time there is no way.
   * @param visit gets places in the lists of nodes and of destinations, and the link or `null` for no way
   */
  changes(visit: HopVisitor): void {
    const { identities } = this.#graph;
    let place = 0;
    this.#trees.forEach((tree, destination) => {
      for (let node = 0; node < this.#nodes.length; node++, place++) {
        const link = tree.nextLink(this.#nodes[node]);
        if (link === this.#told[place]) continue;
        this.#told[place] = link;
        visit(node, destination, link === NO_LINK ? null : identities[link]);
      }
    });
  }
}
