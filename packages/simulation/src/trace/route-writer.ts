import type { NodeId, TickUpdate } from '@satsim/core';
import type { FollowedHops, Router } from '@satsim/routing';
import type { NetworkIndex } from './network-index.js';
import { RowBuffer } from './row-buffer.js';

/** First line of a `routes.trace`. */
export const ROUTES_HEADER = '#satsim-routes 1 tick,t_s,node,destination,link\n';
const UNREACHABLE = -1;

/**
 * Makes the rows of `routes.trace`: for each tick the next hops that are different from the tick before, by destination and
 * node. Destinations are the ends of flows; told are the nodes that relay and the ends themselves: nobody else sends. Before
 * the first row everything is unreachable.
 */
export class RouteWriter {
  readonly #network: NetworkIndex;
  readonly #t0Ms: number;
  readonly #rows = new RowBuffer();
  /** Numbers of the network. */
  readonly #nodes: Int32Array;
  readonly #destinations: Int32Array;
  readonly #hops: FollowedHops;
  #rowCount = 0;

  /** @param ends ids of nodes that traffic comes from or goes to; any of them more than once */
  constructor(network: NetworkIndex, router: Router, ends: readonly NodeId[], t0Ms: number) {
    const isEnd = new Set(ends);
    const nodes = network.nodes.filter(({ id, relay }) => relay || isEnd.has(id)).map(({ id }) => id);
    const destinations = network.nodes.filter(({ id }) => isEnd.has(id)).map(({ id }) => id);
    this.#network = network;
    this.#t0Ms = t0Ms;
    this.#nodes = Int32Array.from(nodes, (id) => network.node(id));
    this.#destinations = Int32Array.from(destinations, (id) => network.node(id));
    this.#hops = router.follow(nodes, destinations);
  }

  /** Rows so far, without the header. */
  get rowCount(): number {
    return this.#rowCount;
  }

  /** The rows of a tick that the router has been given, and whose links have their numbers. */
  rows({ tickIndex, simTimeMs }: Pick<TickUpdate, 'tickIndex' | 'simTimeMs'>): Uint8Array {
    this.#hops.changes((node, destination, hop) => {
      this.#rowCount += 1;
      const link = hop === null ? UNREACHABLE : this.#network.link(hop.linkId)!;
      this.#rows.integer(tickIndex).fixed(simTimeMs - this.#t0Ms, 3);
      this.#rows.integer(this.#nodes[node]!).integer(this.#destinations[destination]!).integer(link).end();
    });
    return this.#rows.take();
  }
}
