import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../contract/services.js';
import { abortable } from './abort.js';

/** Says when a tick may go out. */
export interface Pacer {
  /**
   * Resolves when the tick's time has come: `skip` when it is over already and late ticks are not wanted. `null` drift:
   * there is no clock to be late against. Rejects with the signal's reason when it aborts the wait.
   */
  pace(tickIndex: number, signal: AbortSignal): Promise<Pace>;
  /** Tick 0 is in force: time begins. */
  begin(): void;
  /** Shifts all later ticks: a pause is no drift. */
  shift(ms: number): void;
}

export interface Pace {
  readonly action: 'deliver' | 'skip';
  readonly driftMs: number | null;
}

export interface Clock {
  /** Milliseconds that only go forward. */
  now(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const MONOTONIC: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) =>
    sleep(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    }),
};

/** Every tick as soon as it is there. */
export class OfflinePacer implements Pacer {
  pace(): Promise<Pace> {
    return Promise.resolve({ action: 'deliver', driftMs: null });
  }

  begin(): void {}

  shift(): void {}
}

/**
 * Tick 0 goes out at once, and tick k k·dt after that was in force: it brings the whole network, which takes a lane longer than any
 * change of it, and until it is there nobody can have lived through any of its time. At twice the speed after half of that. A late
 * tick goes out at once, or not at all when `onLate` is `skip` and its dt is over.
 */
export class RealtimePacer implements Pacer {
  readonly #dtMs: number;
  readonly #lastTick: number;
  readonly #onLate: 'wait' | 'skip';
  readonly #logger: Logger;
  readonly #clock: Clock;
  #originMs: number | null = null;
  readonly #begun = Promise.withResolvers<void>();
  #warnAtMs: number;

  constructor(options: { dtMs: number; tickCount: number; speed?: number; onLate: 'wait' | 'skip'; logger: Logger; clock?: Clock }) {
    this.#dtMs = options.dtMs / (options.speed ?? 1);
    this.#lastTick = options.tickCount - 1;
    this.#onLate = options.onLate;
    this.#logger = options.logger;
    this.#clock = options.clock ?? MONOTONIC;
    this.#warnAtMs = this.#dtMs;
  }

  async pace(tickIndex: number, signal: AbortSignal): Promise<Pace> {
    if (tickIndex === 0) return { action: 'deliver', driftMs: 0 };
    await abortable(this.#begun.promise, signal);
    let lateMs = this.#lateMs(tickIndex);
    // Again after each sleep: a pause during it has moved the tick's time.
    for (; lateMs < 0; lateMs = this.#lateMs(tickIndex)) await this.#clock.sleep(-lateMs, signal);
    const driftMs = lateMs;
    this.#warn(tickIndex, driftMs);
    // The last tick is never skipped: nothing could bring its changes any more.
    const over = driftMs >= this.#dtMs && tickIndex < this.#lastTick;
    return { action: over && this.#onLate === 'skip' ? 'skip' : 'deliver', driftMs };
  }

  begin(): void {
    this.#originMs ??= this.#clock.now();
    this.#begun.resolve();
  }

  shift(ms: number): void {
    if (this.#originMs !== null) this.#originMs += ms;
  }

  #lateMs(tickIndex: number): number {
    return this.#clock.now() - ((this.#originMs ?? 0) + tickIndex * this.#dtMs);
  }

  /** Once when more than a tick behind, and again each time the drift has doubled. */
  #warn(tick: number, driftMs: number): void {
    if (driftMs <= this.#warnAtMs) return;
    while (this.#warnAtMs < driftMs) this.#warnAtMs *= 2;
    const consequence = this.#onLate === 'skip' ? 'ticks are skipped' : 'no tick is skipped';
    this.#logger.warn({ tick, driftMs }, `the run is ${(driftMs / 1000).toFixed(3)} s behind the wall clock at tick ${tick}; ${consequence}`);
  }
}
