import type { PlannedNode } from '../plan/network-plan.js';

/** Seconds: links change within ticks, so that routers have to notice within some of them. */
export const OSPF_HELLO_S = 1;
export const OSPF_DEAD_S = 4;

/**
 * OSPFv2 and OSPFv3 on all links of a node by BIRD 2 (bird(8), "OSPF"). Ground nodes that do not relay announce themselves
 * as stub routers (RFC 6987): they are reached and never crossed.
 *
 * @param prefix that all interfaces of the run begin with
 */
export function birdConfig(node: PlannedNode, prefix: string): string {
  const area = `area 0 {
    interface "lo" { stub; };
    interface "${prefix}*" { type ptp; hello ${OSPF_HELLO_S}; dead ${OSPF_DEAD_S}; };
  };`;
  const stub = node.forwards ? '' : 'stub router yes;';
  return `log stderr all;
router id ${node.ipv4};
protocol device { scan time 1; }
protocol direct { ipv4; ipv6; interface "lo"; }
protocol kernel { ipv4 { import none; export where source ~ [ RTS_OSPF ]; }; }
protocol kernel { ipv6 { import none; export where source ~ [ RTS_OSPF ]; }; }
protocol ospf v2 { ${stub} ipv4 { import all; export none; }; ${area} }
protocol ospf v3 { ${stub} ipv6 { import all; export none; }; ${area} }
`;
}
