import type { LinkIdentity, NodeId } from '@satsim/core';
import type { Router } from '@satsim/routing';
import type { NetworkPlan, PlannedNode } from '../plan/network-plan.js';

/** What a node has to be told: from now on by this link. */
export interface HopChange {
  readonly node: PlannedNode;
  readonly destination: PlannedNode;
  /** `null`: there is no way. */
  readonly hop: LinkIdentity | null;
}

/**
 * What nodes were last told of the ways to all destinations, and in which steps they are told what is new, so that packets
 * never go round in circles while some nodes know it and others don't.
 *
 * For one destination: a node is told when all nodes that have to be told, and lie on its new way, have been. Then there is
 * no loop at any moment, whatever changed and whatever the delays are, as long as the old ways had none, nor have the new
 * ones: a loop would need either no node that was told, and the old ways have none; or one that was, and from there on all
 * nodes send by the new ways, which have none either (the ordered FIB of RFC 6976
 * does the same by waiting). Nodes that had no way come first, as nobody sends to them yet, and nodes that lose theirs come last: so
 * that who had a way and keeps one has one all the time, as long as the old links are cut only after the last step.
 */
export class NextHops {
  readonly #router: Router;
  readonly #nodes: readonly PlannedNode[];
  readonly #destinations: readonly PlannedNode[];
  readonly #rows: ReadonlyMap<NodeId, number>;
  /** By node, then destination. */
  readonly #told: (LinkIdentity | null)[];

  /**
   * @param nodes those that are told
   * @param destinations nodes that have an address
   */
  constructor(plan: NetworkPlan, router: Router, nodes: readonly PlannedNode[], destinations: readonly NodeId[]) {
    this.#router = router;
    this.#nodes = nodes;
    this.#destinations = destinations.map((id) => plan.node(id));
    this.#rows = new Map(nodes.map(({ id }, row) => [id, row]));
    this.#told = Array.from({ length: nodes.length * destinations.length }, () => null);
  }

  /** What has to be told since the last call, in steps: each has to be in force before the next one begins; within one, order is of no account. */
  steps(): readonly (readonly HopChange[])[] {
    const steps: HopChange[][] = [];
    const last: HopChange[] = [];
    this.#destinations.forEach((destination, column) => {
      const hops = this.#nodes.map(({ id }) => this.#router.nextHop(id, destination.id));
      const before = hops.map((hop, row) => this.#swap(row, column, hop));
      if (before.every((told, row) => told === hops[row])) return;
      const steer = new ChangedOnTheWay(hops, before, this.#rows);
      hops.forEach((hop, row) => {
        if (hop === before[row]) return;
        const change = { node: this.#nodes[row]!, destination, hop };
        if (hop === null) last.push(change);
        else (steps[before[row] === null ? 0 : 1 + steer.after(row)] ??= []).push(change);
      });
    });
    return [...Array.from(steps, (step) => step ?? []), last].filter((step) => step.length > 0);
  }

  /** @returns what was told before */
  #swap(row: number, column: number, hop: LinkIdentity | null): LinkIdentity | null {
    const index = row * this.#destinations.length + column;
    const before = this.#told[index]!;
    this.#told[index] = hop;
    return before;
  }
}

/** For one destination: how many nodes of a node's new way change from one way to another. */
class ChangedOnTheWay {
  readonly #hops: readonly (LinkIdentity | null)[];
  readonly #before: readonly (LinkIdentity | null)[];
  readonly #rows: ReadonlyMap<NodeId, number>;
  readonly #known: (number | undefined)[] = [];

  constructor(hops: readonly (LinkIdentity | null)[], before: readonly (LinkIdentity | null)[], rows: ReadonlyMap<NodeId, number>) {
    this.#hops = hops;
    this.#before = before;
    this.#rows = rows;
  }

  /** Behind the node, which is not counted itself. */
  after(row: number): number {
    const chain: number[] = [];
    let at: number | undefined = row;
    while (at !== undefined && this.#known[at] === undefined) {
      chain.push(at);
      const hop: LinkIdentity | null | undefined = this.#hops[at];
      at = hop ? this.#rows.get(hop.target) : undefined;
    }
    // Those that are not told anything, as switches that somebody else controls, end the way as the destination does.
    for (const node of chain.toReversed()) {
      this.#known[node] = at === undefined ? 0 : this.#known[at]! + (this.#moves(at) ? 1 : 0);
      at = node;
    }
    return this.#known[row]!;
  }

  #moves(row: number): boolean {
    return this.#before[row] !== null && this.#hops[row] !== this.#before[row];
  }
}
