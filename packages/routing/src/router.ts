import type { LinkState, NetworkNode, NodeId, TickUpdate } from '@satsim/core';
import { DestinationTree } from './destination-tree.js';
import { LinkGraph } from './link-graph.js';
import { makePath, type Path } from './path.js';

/**
 * Lowest-delay forwarding over the links that are up. The one routing of all lanes: least sum of one-way delays, taken in
 * whole nanoseconds a link; equal delay → fewer hops → lexicographically first sequence of node ids. Traffic passes only
 * through nodes that relay. The result depends on the state of the links alone, not on the order in which it came about.
 */
export class Router {
  readonly #graph: LinkGraph;
  readonly #trees = new Map<number, DestinationTree>();

  /** @param nodes a node that only a link names is added when it appears, and does not relay */
  constructor(nodes: readonly NetworkNode[]) {
    this.#graph = new LinkGraph(nodes);
  }

  /** Takes one tick over; paths asked for afterwards are those of the new state. */
  apply(tick: Pick<TickUpdate, 'snapshot' | 'removals' | 'updates'>): void {
    this.#graph.apply(tick);
  }

  /** The state that paths are computed from: all present links, those that are down too. */
  links(): Iterable<LinkState> {
    return this.#graph.present();
  }

  /** Ways to one destination share their search within a tick. @returns null when there is no way, or a node is unknown */
  path(from: NodeId, to: NodeId): Path | null {
    const source = this.#graph.nodeNumber(from);
    const destination = this.#graph.nodeNumber(to);
    if (source === undefined || destination === undefined) return null;
    let tree = this.#trees.get(destination);
    if (!tree) this.#trees.set(destination, (tree = new DestinationTree(this.#graph, destination)));
    const links = tree.linksFrom(source);
    return links && makePath(from, links);
  }
}
