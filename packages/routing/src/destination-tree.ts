import type { LinkState } from '@satsim/core';
import type { LinkGraph } from './link-graph.js';
import { NodeHeap } from './node-heap.js';

/**
 * Best next link of every node towards one destination: Dijkstra's algorithm (Numerische Mathematik 1, 1959, problem 2)
 * over the links backwards, only as far as somebody asked. A tree by destination is what forwarding needs: the next hop
 * of a node is the same for all traffic to that destination.
 */
export class DestinationTree {
  readonly #graph: LinkGraph;
  readonly #destination: number;
  #version = -1;
  #keys = new Float64Array(0);
  #nextLink = new Int32Array(0);
  #heap = new NodeHeap(this.#keys);
  /** Key up to which everything is final. */
  #settledKey = 0;

  constructor(graph: LinkGraph, destination: number) {
    this.#graph = graph;
    this.#destination = destination;
  }

  /** Links of the best way from `source`, or null when there is none. */
  linksFrom(source: number): LinkState[] | null {
    if (this.#version !== this.#graph.version) this.#restart();
    this.#searchUntil(source);
    if (this.#keys[source] === Number.POSITIVE_INFINITY) return null;
    const links: LinkState[] = [];
    for (let node = source; node !== this.#destination; node = this.#graph.targets[this.#nextLink[node]]) links.push(this.#graph.states[this.#nextLink[node]]);
    return links;
  }

  #restart(): void {
    const count = this.#graph.ids.length;
    if (this.#keys.length !== count) {
      this.#keys = new Float64Array(count);
      this.#nextLink = new Int32Array(count);
      this.#heap = new NodeHeap(this.#keys);
    }
    this.#heap.clear();
    this.#keys.fill(Number.POSITIVE_INFINITY);
    this.#keys[this.#destination] = 0;
    this.#heap.raise(this.#destination);
    this.#settledKey = 0;
    this.#version = this.#graph.version;
  }

  #searchUntil(source: number): void {
    const { firstIn, nextIn, sources, weights, relays } = this.#graph;
    const keys = this.#keys;
    const nextLink = this.#nextLink;
    const heap = this.#heap;
    while (heap.size > 0 && this.#settledKey < keys[source]) {
      const node = heap.take();
      const nodeKey = keys[node];
      this.#settledKey = nodeKey;
      for (let link = firstIn[node]; link >= 0; link = nextIn[link]) {
        const before = sources[link];
        const key = nodeKey + weights[link];
        if (key < keys[before]) {
          keys[before] = key;
          nextLink[before] = link;
          // Nothing goes through a node that does not relay; as a source it is complete with its own links.
          if (relays[before] === 1) heap.raise(before);
        } else if (key === keys[before] && this.#comesFirst(link, nextLink[before])) nextLink[before] = link;
      }
    }
  }

  /**
   * Between ways of equal delay and hops: the lower id of the next node, then of the link. Every weight is above 0, so all
   * candidates for a node have been seen before the node itself is taken.
   */
  #comesFirst(link: number, other: number): boolean {
    const { targets, states } = this.#graph;
    const ranks = this.#graph.ranks();
    const difference = ranks[targets[link]] - ranks[targets[other]];
    return difference === 0 ? states[link].linkId < states[other].linkId : difference < 0;
  }
}
