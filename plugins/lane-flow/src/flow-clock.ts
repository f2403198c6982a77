import { durationMs, type Flow } from '@satsim/core';

/**
 * Tells at which ticks a flow is sampled: udp and tcp at every tick from `start` to before `stop` (after t0), ping at the
 * first tick at or after each of start, start + every, start + 2·every …, at most once a tick.
 */
export class FlowClock {
  readonly #startMs: number;
  readonly #stopMs: number;
  readonly #everyMs: number | null;
  /** Number of the last ping that was sampled. */
  #last = -1;

  constructor(flow: Flow, t0Ms: number) {
    this.#startMs = t0Ms + (flow.start === undefined ? 0 : durationMs(flow.start));
    this.#stopMs = flow.stop === undefined ? Number.POSITIVE_INFINITY : t0Ms + durationMs(flow.stop);
    this.#everyMs = flow.kind === 'ping' && flow.every !== undefined ? durationMs(flow.every) : null;
  }

  /** @returns whether the flow is sampled now; to be asked once a tick */
  due(simTimeMs: number): boolean {
    if (simTimeMs < this.#startMs || simTimeMs >= this.#stopMs) return false;
    // An interval of 0 is shorter than any tick.
    if (this.#everyMs === null || this.#everyMs === 0) return true;
    const number = Math.floor((simTimeMs - this.#startMs) / this.#everyMs);
    if (number === this.#last) return false;
    this.#last = number;
    return true;
  }
}
