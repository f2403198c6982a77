/** What a full queue does with one more item: make the producer wait, or lose the oldest item and count it. */
export type OverflowPolicy = 'block' | 'drop-oldest';

/** First in, first out, with a limit. Any number of producers and consumers; each item goes to exactly one consumer. */
export class BoundedQueue<T> {
  readonly #items: T[] = [];
  readonly #pushers: { readonly item: T; readonly resolve: (accepted: boolean) => void }[] = [];
  readonly #takers: ((item: T | undefined) => void)[] = [];
  readonly #capacity: number;
  readonly #overflow: OverflowPolicy;
  #closed = false;
  #dropped = 0;
  #discarded = 0;

  constructor(capacity: number, overflow: OverflowPolicy = 'block') {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`a queue's capacity is a whole number from 1: ${capacity}`);
    this.#capacity = capacity;
    this.#overflow = overflow;
  }

  /** Items lost to newer ones. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Items that were queued or waiting when the queue was closed with `discard`. */
  get discarded(): number {
    return this.#discarded;
  }

  get size(): number {
    return this.#items.length;
  }

  /** Resolves once the queue has the item: `false` when it is closed and has refused it. */
  push(item: T): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    const taker = this.#takers.shift();
    if (taker) {
      taker(item);
      return Promise.resolve(true);
    }
    if (this.#items.length < this.#capacity) {
      this.#items.push(item);
      return Promise.resolve(true);
    }
    if (this.#overflow === 'drop-oldest') {
      this.#items.shift();
      this.#dropped += 1;
      this.#items.push(item);
      return Promise.resolve(true);
    }
    return new Promise((resolve) => this.#pushers.push({ item, resolve }));
  }

  /** The oldest item, as soon as there is one; `undefined` when the queue is closed and empty. */
  take(): Promise<T | undefined> {
    if (this.#items.length === 0) return this.#closed ? Promise.resolve(undefined) : new Promise((resolve) => this.#takers.push(resolve));
    const item = this.#items.shift();
    const waiting = this.#pushers.shift();
    if (waiting) {
      this.#items.push(waiting.item);
      waiting.resolve(true);
    }
    return Promise.resolve(item);
  }

  /**
   * Takes nothing more. `drain`: what is queued, or waits to be, can still be taken; `discard`: it is gone, and waiting
   * producers are refused. `discard` after `drain` is allowed.
   */
  close(mode: 'drain' | 'discard'): void {
    this.#closed = true;
    const waiting = this.#pushers.splice(0);
    if (mode === 'drain') {
      for (const { item, resolve } of waiting) {
        this.#items.push(item);
        resolve(true);
      }
    } else {
      this.#discarded += this.#items.length + waiting.length;
      this.#items.length = 0;
      for (const { resolve } of waiting) resolve(false);
    }
    for (const taker of this.#takers.splice(0)) taker(undefined);
  }
}
