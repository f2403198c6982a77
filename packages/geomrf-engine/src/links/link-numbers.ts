import type { LinkOutput } from './link-output.js';

/**
 * Gives links their numbers: those that leave give theirs back first, those that enter take the one that was given back
 * last, or the next. Parts have their turn in order, so that numbers do not depend on who computed what.
 */
export class LinkNumbers {
  readonly #free: number[] = [];
  #used = 0;

  /** Links in the set. */
  get size(): number {
    return this.#used - this.#free.length;
  }

  give(outputs: readonly LinkOutput[]): void {
    const free = this.#free;
    for (const { removed, removedCount } of outputs) for (let i = 0; i < removedCount; i++) free.push(removed[i]);
    for (const { enteredCount, enteredLink, enteredRow, link } of outputs) {
      for (let i = 0; i < enteredCount; i++) {
        const number = free.pop() ?? this.#used++;
        enteredLink[i] = number;
        link[enteredRow[i]] = number;
      }
    }
  }
}
