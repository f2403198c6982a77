import type { Ephemeris, LinkState, NetworkNode, NodeId } from '@satsim/core';
import { type Ecef, toGeodetic } from './geodetic.js';
import { type LineGeometry, lineGeometry } from './line-geometry.js';
import { type Position, toPosition } from './position.js';

export interface Feature {
  readonly type: 'Feature';
  readonly id: string;
  /** `null` where a position is not known: RFC 7946 calls that an unlocated feature. */
  readonly geometry: { readonly type: 'Point'; readonly coordinates: Position } | LineGeometry | null;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Nodes in the order of the network, then links by id. */
export function features(nodes: readonly NetworkNode[], links: Iterable<LinkState>, { states, failures }: Ephemeris): Feature[] {
  const positions = new Map(states.map(({ id, positionKm: [x, y, z] }) => [id, [x * 1e3, y * 1e3, z * 1e3] as Ecef]));
  const reasons = new Map(failures.map(({ id, reason }) => [id, reason]));
  return [
    ...nodes.map((node) => nodeFeature(node, positions.get(node.id), reasons.get(node.id))),
    ...[...links].sort((a, b) => (a.linkId < b.linkId ? -1 : 1)).map((link) => linkFeature(link, positions)),
  ];
}

function nodeFeature({ id, role }: NetworkNode, position: Ecef | undefined, reason: string | undefined): Feature {
  return {
    type: 'Feature',
    id,
    geometry: position ? { type: 'Point', coordinates: toPosition(toGeodetic(position)) } : null,
    properties: { type: 'node', role, ...(reason !== undefined && { no_position: reason }) },
  };
}

function linkFeature({ linkId, source, target, kind, up, oneWayDelayMs, capacityMbps, lossPct }: LinkState, positions: ReadonlyMap<NodeId, Ecef>): Feature {
  const [from, to] = [positions.get(source), positions.get(target)];
  return {
    type: 'Feature',
    id: linkId,
    geometry: from && to ? lineGeometry(from, to, { onGround: kind === 'terrestrial' }) : null,
    properties: { type: 'link', kind, source, target, up, one_way_delay_ms: oneWayDelayMs, capacity_mbps: capacityMbps, loss_pct: lossPct },
  };
}
