import { BoundedQueue, type OverflowPolicy } from './bounded-queue.js';

/** One producer, many consumers: everybody gets every item, in order, each through a queue of its own. */
export class FanoutBus<T> {
  readonly #queues: BoundedQueue<T>[] = [];

  subscribe(capacity: number, overflow: OverflowPolicy = 'block'): BoundedQueue<T> {
    const queue = new BoundedQueue<T>(capacity, overflow);
    this.#queues.push(queue);
    return queue;
  }

  /** Resolves when every queue that is open has the item; a full one that blocks makes the producer wait. */
  async publish(item: T): Promise<void> {
    await Promise.all(this.#queues.map((queue) => queue.push(item)));
  }
}
