import type { LaneDeps, NodeId } from '@satsim/core';
import type { Router } from '@satsim/routing';
import type { Command, CommandFailure } from '../commands/command-batch.js';
import type { Namespaces } from '../commands/namespaces.js';
import type { MininetConfig } from '../config.js';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';
import { routeLines } from './host-routes.js';
import { type HopChange, NextHops } from './next-hops.js';
import { applyFlows, flowsOf } from './switch-flows.js';

/** Routes of hosts and routers, and flows of switches, as the one routing of all lanes says, as far as they are satsim's to tell. */
export class Forwarding {
  readonly #plan: NetworkPlan;
  readonly #processes: LaneDeps['processes'];
  readonly #hops: NextHops;

  /** @param destinations ground nodes, and satellites at the ends of flows */
  constructor(
    { config, processes }: Pick<LaneDeps<MininetConfig>, 'config' | 'processes'>,
    plan: NetworkPlan,
    router: Router,
    destinations: readonly NodeId[],
  ) {
    this.#plan = plan;
    this.#processes = processes;
    const { controller, routing } = config;
    // Hosts choose their way into the network by the one routing, whoever controls the switches.
    const isTold = ({ kind }: PlannedNode): boolean =>
      kind === 'switch' ? controller.type === 'builtin' : controller.type !== 'none' && routing === 'builtin';
    this.#hops = new NextHops(plan, router, plan.nodes.filter(isTold), destinations);
  }

  /** What has to change since the last call, in steps (see {@link NextHops}). */
  steps(): readonly (readonly HopChange[])[] {
    return this.#hops.steps();
  }

  /** Resolves when the step is in force. @returns how many routes and flows it has changed, and what failed */
  async put(
    step: readonly HopChange[],
    namespaces: Namespaces,
    signal: AbortSignal,
  ): Promise<{ readonly changed: number; readonly failures: readonly CommandFailure[] }> {
    const flows = new Map<PlannedNode, string[]>();
    const commands = new Map<PlannedNode, Command[]>();
    let changed = 0;
    for (const change of step) {
      const { node, destination } = change;
      if (node.kind === 'switch') {
        const lines = flowsOf(this.#plan, change);
        flows.set(node, [...(flows.get(node) ?? []), ...lines]);
        changed += lines.length;
        continue;
      }
      const lines = routeLines(this.#plan, change).map((line): Command => ({ line, about: `route of ${node.id} to ${destination.id}` }));
      commands.set(node, [...(commands.get(node) ?? []), ...lines]);
      changed += lines.length;
    }
    for (const [node, list] of commands) namespaces.send('ip', node, list);
    const [failures] = await Promise.all([namespaces.fence(signal), applyFlows(this.#processes, flows, signal)]);
    return { changed, failures };
  }
}
