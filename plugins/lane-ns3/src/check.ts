import { type LanePlace, type LaneRemark, suggest } from '@satsim/core';
import type { Ns3Config } from './config.js';

/** Nodes to be captured that are not there. */
export async function check({ pcap }: Ns3Config, { nodes }: LanePlace): Promise<readonly LaneRemark[]> {
  if (typeof pcap === 'boolean') return [];
  const known = nodes.map(({ id }) => id);
  return pcap.flatMap((id, index) => {
    if (known.includes(id)) return [];
    const near = suggest(id, known);
    const hint =
      near === undefined ? `on the ground: ${nodes.flatMap((node) => (node.role === 'satellite' ? [] : [node.id])).join(', ')}` : `did you mean ${near}?`;
    return [{ level: 'fault', path: ['ns3', 'pcap', index], message: `there is no node ${id}`, hint }];
  });
}
