import type { LinkIdentity, LinkState, NetworkNode, NodeId } from '@satsim/core';
import { DestinationTree } from './destination-tree.js';
import { FollowedHops } from './followed-hops.js';
import { LinkGraph, NO_LINK, type RoutedTick } from './link-graph.js';
import { makePath, type Path } from './path.js';
import { SearchSpace } from './search-space.js';

/**
 * Lowest-delay forwarding over the links that are up. The one routing of all lanes: least sum of one-way delays, taken in
 * whole nanoseconds a link; equal delay → fewer hops → lexicographically first sequence of node ids. Traffic passes only
 * through nodes that relay. The result depends on the state of the links alone, not on the order in which it came about.
 *
 * A tick costs little until somebody asks; the first question about a destination then brings the ways of all nodes to it
 * up to date, by repair of what they were when it was last asked about.
 */
export class Router {
  readonly #graph: LinkGraph;
  readonly #space: SearchSpace;
  readonly #trees = new Map<number, DestinationTree>();

  /** @param nodes a node that only a link names is added when it appears, and does not relay */
  constructor(nodes: readonly NetworkNode[]) {
    this.#graph = new LinkGraph(nodes);
    this.#space = new SearchSpace(this.#graph);
  }

  /** Takes one tick over; what is asked for afterwards is of the new state. Of a tick with columns only these are read. */
  apply(tick: RoutedTick): void {
    this.#graph.apply(tick);
  }

  /** The state that ways are computed from: all present links, those that are down too. */
  links(): Iterable<LinkState> {
    return this.#graph.presentStates();
  }

  /** @returns null when there is no way, or a node is unknown */
  path(from: NodeId, to: NodeId): Path | null {
    const destination = this.#graph.nodeNumber(to);
    let node = this.#graph.nodeNumber(from);
    if (node === undefined || destination === undefined) return null;
    const tree = this.#tree(destination);
    const links: LinkState[] = [];
    while (node !== destination) {
      const link = tree.nextLink(node);
      if (link === NO_LINK) return null;
      links.push(this.#graph.state(link));
      node = this.#graph.targets[link];
    }
    return makePath(from, links);
  }

  /**
   * The link on which a node sends what is for a destination; for the same link always the same object, so that a route that
   * changed is told by `!==`.
   * @returns null when there is no way, a node is unknown, or the node is the destination
   */
  nextHop(node: NodeId, destination: NodeId): LinkIdentity | null {
    const from = this.#graph.nodeNumber(node);
    const to = this.#graph.nodeNumber(destination);
    if (from === undefined || to === undefined) return null;
    const link = this.#tree(to).nextLink(from);
    return link === NO_LINK ? null : this.#graph.identities[link];
  }

  /**
   * What {@link nextHop} says of all these nodes and destinations, tick after tick, without asking for each by name.
   * @throws RangeError for a node that was not announced
   */
  follow(nodes: readonly NodeId[], destinations: readonly NodeId[]): FollowedHops {
    const number = (id: NodeId): number => {
      const found = this.#graph.nodeNumber(id);
      if (found === undefined) throw new RangeError(`there is no node ${id}`);
      return found;
    };
    const trees = destinations.map((id) => this.#tree(number(id)));
    return new FollowedHops(this.#graph, Int32Array.from(nodes, number), trees);
  }

  #tree(destination: number): DestinationTree {
    let tree = this.#trees.get(destination);
    if (!tree) this.#trees.set(destination, (tree = new DestinationTree(this.#space, destination)));
    return tree;
  }
}
