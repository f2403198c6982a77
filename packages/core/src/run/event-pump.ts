import type { EngineEvent } from '../contract/tick.js';

/**
 * Hands events on when their tick has been delivered (or skipped), not before: the engine computes ahead, and what a stopped run
 * exported must not tell of ticks that it never had. So it never waits for a tick when the next one is asked for: the source may wait
 * for events to be read.
 */
export class EventPump {
  readonly #deliver: (events: readonly EngineEvent[]) => Promise<void>;
  #past = -1;
  #progress = 0;
  #ended = false;
  #wake: () => void = () => {};

  constructor(deliver: (events: readonly EngineEvent[]) => Promise<void>) {
    this.#deliver = deliver;
  }

  /** Grows whenever events come or have been handed on. */
  get progress(): number {
    return this.#progress;
  }

  /** Rejects with what the source throws, unless the ticks have ended. */
  async run(events: AsyncIterable<readonly EngineEvent[]>): Promise<void> {
    const iterator = events[Symbol.asyncIterator]();
    for (;;) {
      const { value, done } = await iterator.next();
      this.#progress += 1;
      if (done) return;
      let batch: readonly EngineEvent[] = value;
      while (batch.length > 0) {
        const later = batch.findIndex((event) => event.tickIndex > this.#past);
        if (later !== 0) {
          await this.#deliver(later < 0 ? batch : batch.slice(0, later));
          this.#progress += 1;
          batch = later < 0 ? [] : batch.slice(later);
        } else if (this.#ended) {
          // Nothing will make them due any more, nor what comes after.
          return void iterator.return?.();
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    }
  }

  tickPast(tickIndex: number): void {
    this.#past = tickIndex;
    this.#wake();
  }

  ticksEnded(): void {
    this.#ended = true;
    this.#wake();
  }
}
