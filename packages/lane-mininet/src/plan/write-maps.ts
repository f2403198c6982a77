import type { ArtifactArea } from '@satsim/core';
import type { NetworkPlan } from './network-plan.js';

/** `node_map.json` and `link_map.json`: what stands on the machine for each node and link of the scenario. */
export async function writeMaps(artifacts: ArtifactArea, plan: NetworkPlan): Promise<void> {
  const nodes = Object.fromEntries(plan.nodes.map(({ id, name, kind, ipv4, ipv6 }) => [id, { name, kind, ipv4, ipv6 }]));
  const links = [...plan.links()].map(({ kind, a, b }) => ({
    kind,
    a: { node: a.node.id, interface: a.interface, port: a.port, mac: a.mac },
    b: { node: b.node.id, interface: b.interface, port: b.port, mac: b.mac },
  }));
  await artifacts.writeFile('node_map.json', `${JSON.stringify(nodes, null, 2)}\n`);
  await artifacts.writeFile('link_map.json', `${JSON.stringify(links, null, 2)}\n`);
}
