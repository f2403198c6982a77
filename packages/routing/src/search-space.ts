import { BucketQueue } from './bucket-queue.js';
import type { LinkGraph } from './link-graph.js';

/** Links that share an end, side by side: those of node n are `links[first[n]]` … `links[first[n + 1] − 1]`. */
export interface GroupedLinks {
  readonly first: Int32Array;
  readonly links: Int32Array;
}

/** What the searches for all destinations share: the links as they read them, and working memory. */
export class SearchSpace {
  readonly graph: LinkGraph;
  /** By target: the links that come from nodes that relay. Other nodes begin ways, but none leads through them. */
  incoming: GroupedLinks = { first: new Int32Array(1), links: new Int32Array(0) };
  /** Source and weight of each of {@link incoming}`.links`. */
  sources = new Int32Array(0);
  weights = new Float64Array(0);
  /** By source: all links. */
  outgoing: GroupedLinks = this.incoming;
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
      this.incoming = grouped(graph, graph.targets, graph.relayCount);
      this.outgoing = grouped(graph, graph.sources, graph.ids.length);
      this.sources = this.incoming.links.map((link) => graph.sources[link]);
      this.weights = new Float64Array(this.sources.length);
    }
    const { links } = this.incoming;
    for (let i = 0; i < links.length; i++) this.weights[i] = graph.weights[links[i]];
  }
}

/** The present links whose source is below `sourceLimit`, by one of their ends: a counting sort. */
function grouped({ present, presentCount, sources, ids }: LinkGraph, ends: Int32Array, sourceLimit: number): GroupedLinks {
  const first = new Int32Array(ids.length + 1);
  for (let i = 0; i < presentCount; i++) if (sources[present[i]] < sourceLimit) first[ends[present[i]]]++;
  let sum = 0;
  for (let node = 0; node < first.length; node++) first[node] = sum += first[node];
  const links = new Int32Array(sum);
  for (let i = 0; i < presentCount; i++) if (sources[present[i]] < sourceLimit) links[--first[ends[present[i]]]] = present[i];
  return { first, links };
}
