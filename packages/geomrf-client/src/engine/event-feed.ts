import { TimebaseError } from '@satsim/core';
import type { EngineEvent, TickUpdate } from '@satsim/core';
import type { EngineEvent as WireEvent } from '@satsim/geomrf-proto';
import { translateEvent } from './translate-event.js';
import type { RunGrid } from './translate-event.js';
import type { TickTranslator } from './to-tick-update.js';

/** Events that may wait for their reader before ticks wait for it, too: some 30 MiB. */
const MOST_WAITING = 100_000;

/**
 * Events that come with ticks, on their way from the stream of ticks to who reads events, those of one tick at a time. A reader that falls
 * far behind holds up the ticks.
 */
export class EventFeed {
  readonly #mostWaiting: number;
  #state: 'idle' | 'joined' | 'apart' = 'idle';
  readonly #batches: (readonly EngineEvent[])[] = [];
  #waiting = 0;
  #ended = false;
  #lastSeq = -1n;
  #wakeReader: () => void = () => {};
  #wakeTicks: () => void = () => {};

  /** @param signal ends the feed: what is in it can still be read, and nobody waits for the other any more */
  constructor(signal: AbortSignal, mostWaiting = MOST_WAITING) {
    this.#mostWaiting = mostWaiting;
    if (signal.aborted) this.end();
    else signal.addEventListener('abort', () => this.end(), { once: true });
  }

  /** For the reader, once. `false`: ticks come already, without events. */
  join(): boolean {
    if (this.#state === 'idle') this.#state = 'joined';
    return this.#state === 'joined';
  }

  /** For the ticks, before they are asked for: whether there is a reader. */
  begin(): boolean {
    if (this.#state === 'idle') this.#state = 'apart';
    return this.#state === 'joined';
  }

  /**
   * Takes the events of a tick that is about to be handed on.
   *
   * @throws TimebaseError for one of another tick, or out of order; GeomrfError for a link of an unknown type
   */
  add(events: readonly WireEvent[], { tickIndex }: TickUpdate, translator: TickTranslator, grid: RunGrid): void {
    const told: EngineEvent[] = [];
    for (const event of events) {
      const what = Number(event.tickIndex) !== tickIndex ? `of tick ${event.tickIndex}` : event.seq <= this.#lastSeq ? `after event ${this.#lastSeq}` : null;
      if (what !== null) throw new TimebaseError(`the engine sent event ${event.seq} ${what} with tick ${tickIndex}`, { tickIndex });
      this.#lastSeq = event.seq;
      const translated = translateEvent(event, translator, grid);
      if (translated !== null) told.push(translated);
    }
    if (told.length === 0 || this.#ended) return;
    this.#batches.push(told);
    this.#waiting += told.length;
    this.#wakeReader();
  }

  /** Resolves when the reader is not too far behind; for the ticks, before the next one is read. */
  async room(): Promise<void> {
    while (this.#waiting > this.#mostWaiting && !this.#ended) await new Promise<void>((resolve) => (this.#wakeTicks = resolve));
  }

  /** Nothing will be added any more. */
  end(): void {
    this.#ended = true;
    this.#wakeReader();
    this.#wakeTicks();
  }

  async *read(): AsyncGenerator<readonly EngineEvent[], void, undefined> {
    try {
      for (;;) {
        const batch = this.#batches.shift();
        if (batch !== undefined) {
          this.#waiting -= batch.length;
          this.#wakeTicks();
          yield batch;
        } else if (this.#ended) return;
        else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
      }
    } finally {
      // Who stops reading holds up nobody.
      this.end();
      this.#batches.length = 0;
    }
  }
}
