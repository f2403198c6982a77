import { type Flow, flowDemand, type RunInfo } from '@satsim/core';

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

  constructor(flow: Flow, run: Pick<RunInfo, 't0Ms' | 't1Ms' | 'dtMs'>) {
    const { startMs, stopMs, everyMs } = flowDemand(flow, run);
    this.#startMs = run.t0Ms + startMs;
    this.#stopMs = run.t0Ms + stopMs;
    this.#everyMs = everyMs;
  }

  /** @returns whether the flow is sampled now; to be asked once a tick */
  due(simTimeMs: number): boolean {
    if (simTimeMs < this.#startMs || simTimeMs >= this.#stopMs) return false;
    if (this.#everyMs === null) return true;
    const number = Math.floor((simTimeMs - this.#startMs) / this.#everyMs);
    if (number === this.#last) return false;
    this.#last = number;
    return true;
  }
}
