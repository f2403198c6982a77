import type { LinkIdentity, ProcessRunner } from '@satsim/core';
import { macOf } from '../plan/addresses.js';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';
import type { HopChange } from './next-hops.js';

/**
 * Flows by which a switch sends another way, by destination address, as `ovs-ofctl add-flows` takes them. A flow of the same
 * match takes the other's place in one step.
 */
export function flowsOf(plan: NetworkPlan, { node, destination, hop }: HopChange): readonly string[] {
  const matches = [`ip,nw_dst=${destination.ipv4}`, `ipv6,ipv6_dst=${destination.ipv6}`];
  return matches.map((match) => `priority=100,${match},actions=${hop === null ? 'drop' : actionsOf(plan, node, destination, hop)}`);
}

/** Who relays takes a frame only when it is addressed to it; other switches pass on what is addressed to the destination. */
function actionsOf(plan: NetworkPlan, node: PlannedNode, destination: PlannedNode, { kind, source, target }: LinkIdentity): string {
  const output = `output:${plan.egress(plan.link(kind, source, target), node.id).port}`;
  const next = plan.node(target);
  return next.kind === 'switch' || next === destination ? output : `mod_dl_dst:${macOf(next.number, 0)},${output}`;
}

/** Of the bridges that satsim programs itself: the first version with bundles. */
export const BUILTIN_PROTOCOL = 'OpenFlow14';

/** Puts all changes of a switch into force at once. */
export async function applyFlows(processes: ProcessRunner, changes: ReadonlyMap<PlannedNode, readonly string[]>, signal: AbortSignal): Promise<void> {
  const args = (node: PlannedNode): string[] => [`--protocols=${BUILTIN_PROTOCOL}`, '--bundle', 'add-flows', node.name, '-'];
  await Promise.all([...changes].map(([node, flows]) => processes.run('ovs-ofctl', args(node), { input: `${flows.join('\n')}\n`, signal })));
}
