import type { LinkIdentity, NodeId, ProcessRunner } from '@satsim/core';
import type { Router } from '@satsim/routing';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';
import { NextHops } from './next-hops.js';

/** Flows of one switch, each as `ovs-ofctl add-flows` takes it. */
export interface SwitchChanges {
  readonly node: PlannedNode;
  readonly flows: readonly string[];
}

/**
 * Flows of all switches to all ground nodes, by destination address, as the one routing of all lanes says. A flow of the
 * same match takes the other's place in one step.
 */
export class SwitchFlows {
  readonly #plan: NetworkPlan;
  readonly #hops: NextHops;

  constructor(plan: NetworkPlan, router: Router, destinations: readonly NodeId[]) {
    this.#plan = plan;
    const switches = plan.nodes.filter(({ kind }) => kind === 'switch');
    this.#hops = new NextHops(plan, router, switches, destinations);
  }

  changes(): readonly SwitchChanges[] {
    return this.#hops.changes((node, destination, hop) => this.#flows(node, destination, hop)).map(([node, flows]) => ({ node, flows }));
  }

  #flows(node: PlannedNode, destination: PlannedNode, hop: LinkIdentity | null): readonly string[] {
    const matches = [`ip,nw_dst=${destination.ipv4}`, `ipv6,ipv6_dst=${destination.ipv6}`];
    return matches.map((match) => `priority=100,${match},actions=${hop === null ? 'drop' : this.#actions(node, hop)}`);
  }

  #actions(node: PlannedNode, hop: LinkIdentity): string {
    const link = this.#plan.link(hop.kind, hop.source, hop.target);
    return `output:${this.#plan.egress(link, node.id).port}`;
  }
}

/** Of the bridges that satsim programs itself: the first version with bundles. */
export const BUILTIN_PROTOCOL = 'OpenFlow14';

/** Puts all changes of a switch into force at once. Switches are independent of each other. */
export async function applyFlows(processes: ProcessRunner, changes: readonly SwitchChanges[], signal: AbortSignal): Promise<void> {
  const args = (node: PlannedNode): string[] => [`--protocols=${BUILTIN_PROTOCOL}`, '--bundle', 'add-flows', node.name, '-'];
  await Promise.all(changes.map(({ node, flows }) => processes.run('ovs-ofctl', args(node), { input: `${flows.join('\n')}\n`, signal })));
}
