import type { LinkIdentity, TickColumns, TickUpdate } from '../../contract/tick.js';

/** What is made once of each link of a stream, by number; only of links that are there, so it grows with the network and not with the run. */
export class LinkCache<Value> {
  readonly #make: (link: LinkIdentity) => Value;
  #links: readonly LinkIdentity[] = [];
  #values: (Value | undefined)[] = [];

  constructor(make: (link: LinkIdentity) => Value) {
    this.#make = make;
  }

  /** Before the values of a tick are asked for: forgets those of links that are gone. */
  enter({ snapshot }: Pick<TickUpdate, 'snapshot'>, { links, removals }: TickColumns): void {
    if (links !== this.#links || snapshot) this.#values = [];
    this.#links = links;
    // Filled up, because an array with large gaps is a slow one.
    for (let number = this.#values.length; number < links.length; number += 1) this.#values.push(undefined);
    for (const number of removals) this.#values[number] = undefined;
  }

  get(number: number): Value {
    return (this.#values[number] ??= this.#make(this.#links[number]!));
  }
}
