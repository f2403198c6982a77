import { macOf } from '../plan/addresses.js';
import type { NetworkPlan, PlannedEnd } from '../plan/network-plan.js';
import type { HopChange } from './next-hops.js';

/**
 * Lines for `ip -batch` by which a node that has a namespace sends another way. A route is replaced in one step, so that
 * there is one at any time; a destination without a way is unreachable, and its senders are told.
 */
export function routeLines(plan: NetworkPlan, { node, destination, hop }: HopChange): readonly string[] {
  const [to4, to6] = [`${destination.ipv4}/32`, `${destination.ipv6}/128`];
  if (hop === null) return [`route replace unreachable ${to4}`, `route replace unreachable ${to6}`];
  const link = plan.link(hop.kind, hop.source, hop.target);
  const own = plan.egress(link, node.id);
  const peer = own === link.a ? link.b : link.a;
  if (peer.node.kind === 'switch') {
    return [
      `neigh replace ${destination.ipv4} lladdr ${macOf(destination.number, 0)} dev ${own.interface} nud permanent`,
      `neigh replace ${destination.ipv6} lladdr ${macOf(destination.number, 0)} dev ${own.interface} nud permanent`,
      `route replace ${to4} dev ${own.interface} src ${node.ipv4}`,
      `route replace ${to6} dev ${own.interface} src ${node.ipv6}`,
    ];
  }
  return [
    `route replace ${to4} via ${peer.node.ipv4} dev ${own.interface} onlink src ${node.ipv4}`,
    `route replace ${to6} via ${peer.linkLocal} dev ${own.interface} src ${node.ipv6}`,
  ];
}

/**
 * Lines that bring an interface up and tell it who is at the other end: nobody has to ask by ARP or neighbour discovery.
 *
 * @param numbered gives the interface the node's own address, with the neighbour's as its peer, as routing daemons need it
 */
export function upLines(own: PlannedEnd, peer: PlannedEnd, numbered = false): readonly string[] {
  // One packet a time: a train of 64 KiB would be lost, delayed and counted as one.
  const up = `link set dev ${own.interface} up gso_max_segs 1`;
  if (peer.node.kind === 'switch' || own.node.kind === 'switch') return [up];
  return [
    ...(numbered ? [`address replace ${own.node.ipv4} peer ${peer.node.ipv4}/32 dev ${own.interface}`] : []),
    up,
    `neigh replace ${peer.node.ipv4} lladdr ${peer.mac} dev ${own.interface} nud permanent`,
    `neigh replace ${peer.linkLocal} lladdr ${peer.mac} dev ${own.interface} nud permanent`,
  ];
}
