import { hash } from 'node:crypto';
import type { LinkId, LinkState, NodeId } from '@satsim/core';

/** One way through the network, from the first node to the last. */
export interface Path {
  readonly nodes: readonly NodeId[];
  readonly linkIds: readonly LinkId[];
  /** State of each link at the tick for which the path was computed. */
  readonly links: readonly LinkState[];
  /** Sum over the links. */
  readonly oneWayDelayMs: number;
  /** The least of the links; infinite from a node to itself. */
  readonly capacityMbps: number;
  /** 1 − Π(1 − p) over the links, in percent: losses on different links are independent. */
  readonly lossPct: number;
  /** First 16 hexadecimal digits of SHA-256 over the node ids joined by `>`; computed when it is read. */
  readonly hash: string;
}

export function makePath(from: NodeId, links: readonly LinkState[]): Path {
  const nodes = [from, ...links.map((link) => link.target)];
  let oneWayDelayMs = 0;
  let capacityMbps = Number.POSITIVE_INFINITY;
  let delivered = 1;
  for (const link of links) {
    oneWayDelayMs += link.oneWayDelayMs;
    capacityMbps = Math.min(capacityMbps, link.capacityMbps);
    delivered *= 1 - link.lossPct / 100;
  }
  return {
    nodes,
    linkIds: links.map((link) => link.linkId),
    links,
    oneWayDelayMs,
    capacityMbps,
    lossPct: 100 * (1 - delivered),
    get hash() {
      return hash('sha256', nodes.join('>')).slice(0, 16);
    },
  };
}
