import type { PlannedNode } from '../plan/network-plan.js';
import { OSPF_DEAD_S, OSPF_HELLO_S } from './bird-config.js';

/** Configuration of FRR's zebra and ospfd for a node; ospf6d would need a line for each link, so FRR routes IPv4 alone. */
export interface FrrConfig {
  readonly zebra: string;
  readonly ospfd: string;
}

/** @param interfaces that the node has or will have */
export function frrConfig(node: PlannedNode, interfaces: readonly string[]): FrrConfig {
  const perInterface = interfaces.map(
    (name) => `interface ${name}
 ip ospf network point-to-point
 ip ospf hello-interval ${OSPF_HELLO_S}
 ip ospf dead-interval ${OSPF_DEAD_S}
 ip ospf retransmit-interval ${OSPF_HELLO_S}
 ip ospf area 0
!
`,
  );
  // Changes are told, taken and computed at once: FRR would collect them for five seconds, as RFC 2328 says (MinLSInterval).
  const timers = ' timers throttle lsa all 0\n timers lsa min-arrival 0\n timers throttle spf 0 50 500\n';
  const stub = node.forwards ? '' : ' max-metric router-lsa administrative\n';
  return {
    zebra: `hostname ${node.name}\n${node.forwards ? '' : 'no '}ip forwarding\n`,
    ospfd: `hostname ${node.name}\n${perInterface.join('')}interface lo\n ip ospf area 0\n!\nrouter ospf\n ospf router-id ${node.ipv4}\n${timers}${stub}!\n`,
  };
}
