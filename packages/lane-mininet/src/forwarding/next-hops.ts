import type { LinkIdentity, NodeId } from '@satsim/core';
import type { Router } from '@satsim/routing';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';

/** What some of the nodes were last told of the ways to all ground nodes, so that only what is new is told again. */
export class NextHops {
  readonly #router: Router;
  readonly #nodes: readonly PlannedNode[];
  readonly #destinations: readonly PlannedNode[];
  /** By node, then destination. */
  readonly #told: (LinkIdentity | null)[];

  /** @param destinations ground nodes */
  constructor(plan: NetworkPlan, router: Router, nodes: readonly PlannedNode[], destinations: readonly NodeId[]) {
    this.#router = router;
    this.#nodes = nodes;
    this.#destinations = destinations.map((id) => plan.node(id));
    this.#told = Array.from({ length: nodes.length * destinations.length }, () => null);
  }

  /**
   * What has to be told since the last call, by node; a node without changes is left out.
   *
   * @param tell `null` as the hop: there is no way
   */
  changes<T>(tell: (node: PlannedNode, destination: PlannedNode, hop: LinkIdentity | null) => readonly T[]): readonly (readonly [PlannedNode, readonly T[]])[] {
    return this.#nodes.flatMap((node, row) => {
      const told = this.#destinations.flatMap((destination, column) => {
        const index = row * this.#destinations.length + column;
        const hop = this.#router.nextHop(node.id, destination.id);
        if (hop === this.#told[index]) return [];
        this.#told[index] = hop;
        return tell(node, destination, hop);
      });
      return told.length === 0 ? [] : [[node, told] as const];
    });
  }
}
