import type { ArtifactArea, LinkKind } from '@satsim/core';
import type { Namespaces } from '../commands/namespaces.js';
import type { NetworkPlan, PlannedEnd, PlannedNode } from './network-plan.js';

/** `node_map.json`: what stands on the machine for each node of the scenario. */
export type NodeMap = Readonly<Record<string, Pick<PlannedNode, 'name' | 'kind' | 'ipv4' | 'ipv6' | 'dpid'> & { readonly pid: number }>>;

type MapEnd = Pick<PlannedEnd, 'interface' | 'port' | 'mac'> & { readonly node: string };

/** An entry of `link_map.json`: a pair of interfaces, each shaping what leaves by it. */
export interface LinkMapEntry {
  readonly kind: LinkKind;
  readonly a: MapEnd;
  readonly b: MapEnd;
}

export async function writeNodeMap(artifacts: ArtifactArea, plan: NetworkPlan, namespaces: Namespaces): Promise<void> {
  const nodes: NodeMap = Object.fromEntries(
    plan.nodes.map((node) => [node.id, { name: node.name, kind: node.kind, ipv4: node.ipv4, ipv6: node.ipv6, dpid: node.dpid, pid: namespaces.pidOf(node) }]),
  );
  await artifacts.writeFile('node_map.json', `${JSON.stringify(nodes, null, 2)}\n`);
}

export async function writeLinkMap(artifacts: ArtifactArea, plan: NetworkPlan): Promise<void> {
  const end = ({ node, interface: name, port, mac }: PlannedEnd): MapEnd => ({ node: node.id, interface: name, port, mac });
  const links = [...plan.links()].map(({ kind, a, b }): LinkMapEntry => ({ kind, a: end(a), b: end(b) }));
  await artifacts.writeFile('link_map.json', `${JSON.stringify(links, null, 2)}\n`);
}
