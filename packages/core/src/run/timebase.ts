import type { TickUpdate } from '../contract/tick.js';
import { TimebaseError } from '../errors.js';
import type { Timebase } from '../scenario/types.js';

/** Holds a tick source to its promise: ticks 0, 1, 2 … on the grid t0 + k·dt, the first a snapshot. */
export class TimebaseCheck {
  readonly #time: Timebase;
  #next = 0;

  constructor(time: Timebase) {
    this.#time = time;
  }

  /** @throws TimebaseError naming the tick that is missing, repeated, out of order, off the grid or beyond the end */
  accept(tick: TickUpdate): void {
    const { t0Ms, dtMs, tickCount } = this.#time;
    const k = tick.tickIndex;
    const fail = (what: string): never => {
      throw new TimebaseError(what, { tickIndex: k, hint: 'the tick source is at fault; its version stands in manifests/run.json' });
    };
    if (k < this.#next) fail(`tick ${k} came again or out of order: tick ${this.#next} was due`);
    if (k > this.#next) fail(`tick ${this.#next} is missing: tick ${k} came instead`);
    if (!Number.isInteger(k)) fail(`tick index ${k} is not a whole number`);
    if (k >= tickCount) fail(`tick ${k} is beyond the end: the scenario has ${tickCount} ticks`);
    if (tick.simTimeMs !== t0Ms + k * dtMs) fail(`tick ${k} has sim time ${tick.simTimeMs}, not t0 + ${k}·dt = ${t0Ms + k * dtMs}`);
    if (k === 0 && !tick.snapshot) fail('tick 0 is not a snapshot');
    this.#next += 1;
  }

  /** Every tick of the scenario has come. */
  get complete(): boolean {
    return this.#next === this.#time.tickCount;
  }

  /** @throws TimebaseError when ticks are missing at the end of the stream */
  ended(): void {
    if (this.complete) return;
    throw new TimebaseError(`the tick source ended after ${this.#next} of ${this.#time.tickCount} ticks`, { tickIndex: this.#next });
  }
}
