import { BucketQueue } from './bucket-queue.js';
import type { LinkGraph } from './link-graph.js';

/**
 * Links that share an end, side by side: those of node n are `links[first[n]]` … `links[first[n + 1] − 1]`. The arrays are used
 * again and again: a set of links that changes with every tick would fill the memory with old ones.
 */
class LinkGroups {
  first = new Int32Array(1);
  /** With room for more than there are. */
  links = new Int32Array(0);

  get count(): number {
    return this.first[this.first.length - 1];
  }

  /** The present links whose source is below `sourceLimit`, by one of their ends: a counting sort. */
  group({ present, presentCount, sources, ids }: LinkGraph, ends: Int32Array, sourceLimit: number): void {
    if (this.first.length === ids.length + 1) this.first.fill(0);
    else this.first = new Int32Array(ids.length + 1);
    if (this.links.length < presentCount) this.links = new Int32Array(2 * presentCount);
    const { first, links } = this;
    for (let i = 0; i < presentCount; i++) if (sources[present[i]] < sourceLimit) first[ends[present[i]]]++;
    let sum = 0;
    for (let node = 0; node < first.length; node++) first[node] = sum += first[node];
    for (let i = 0; i < presentCount; i++) if (sources[present[i]] < sourceLimit) links[--first[ends[present[i]]]] = present[i];
  }
}

/** What the searches for all destinations share: the links as they read them, and working memory. */
export class SearchSpace {
  readonly graph: LinkGraph;
  /** By target: the links that come from nodes that relay. Other nodes begin ways, but none leads through them. */
  readonly incoming = new LinkGroups();
  /** Source and weight of each of {@link incoming}`.links`. */
  sources = new Int32Array(0);
  weights = new Float64Array(0);
  /** By source: all links. */
  readonly outgoing = new LinkGroups();
  readonly queue: BucketQueue;
  /** Room for all nodes that relay. */
  readonly stack: Int32Array;
  #version = 0;
  #setVersion = 0;

  constructor(graph: LinkGraph) {
    this.graph = graph;
    this.queue = new BucketQueue(graph.relayCount);
    this.stack = new Int32Array(graph.relayCount);
  }

  /** Follows the graph; to be called before anything is read. */
  sync(): void {
    const { graph } = this;
    if (this.#version === graph.version) return;
    this.#version = graph.version;
    if (this.#setVersion !== graph.setVersion) {
      this.#setVersion = graph.setVersion;
      this.incoming.group(graph, graph.targets, graph.relayCount);
      this.outgoing.group(graph, graph.sources, graph.ids.length);
      const { links, count } = this.incoming;
      if (this.sources.length < links.length) {
        this.sources = new Int32Array(links.length);
        this.weights = new Float64Array(links.length);
      }
      for (let i = 0; i < count; i++) this.sources[i] = graph.sources[links[i]];
    }
    const { links, count } = this.incoming;
    for (let i = 0; i < count; i++) this.weights[i] = graph.weights[links[i]];
  }
}
