import type { NodeId } from '@satsim/core';

/** Nodes by number, in the order in which they are met. */
export class Names {
  readonly ids: NodeId[] = [];
  readonly #numbers = new Map<NodeId, number>();

  constructor(ids: Iterable<NodeId> = []) {
    for (const id of ids) this.number(id);
  }

  number(id: NodeId): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.ids.length;
      this.ids.push(id);
      this.#numbers.set(id, number);
    }
    return number;
  }

  find(id: NodeId): number | null {
    return this.#numbers.get(id) ?? null;
  }
}
