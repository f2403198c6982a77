import type { TickMetrics } from '@satsim/core';
import { microseconds } from './trace-event.js';

/** Ticks that an event may come late. */
const KEPT = 1024;

/** When, by the wall clock, a tick went through the run; microseconds. */
export interface TickTimes {
  readonly tickIndex: number;
  readonly deliveredUs: number;
  readonly lanes: readonly { readonly lane: string; readonly startUs: number; readonly endUs: number }[];
}

/** Tells the wall-clock times of ticks, and which of them an event belongs to. */
export class TickClock {
  /** The newest ones, rising. */
  readonly #recent: TickTimes[] = [];

  get last(): TickTimes | null {
    return this.#recent.at(-1) ?? null;
  }

  /** Takes the metrics of the next tick. A core that doesn't stamp them gives durations only: those then stand one after the other. */
  add(metrics: TickMetrics): TickTimes {
    const { tickIndex, computeMs, translateMs, applyMs, deliveredAtMs, appliedAtMs } = metrics;
    const deliveredUs = deliveredAtMs === undefined ? this.#endUs() + microseconds(computeMs + translateMs) : microseconds(deliveredAtMs);
    const lanes = Object.entries(applyMs).map(([lane, ms]) => {
      const appliedMs = appliedAtMs?.[lane];
      // Rounded each by itself, or a slice could end a microsecond after the next one starts.
      if (appliedMs === undefined) return { lane, startUs: deliveredUs, endUs: deliveredUs + microseconds(ms) };
      return { lane, startUs: Math.max(deliveredUs, microseconds(appliedMs - ms)), endUs: microseconds(appliedMs) };
    });
    const times = { tickIndex, deliveredUs, lanes };
    this.#recent.push(times);
    if (this.#recent.length > KEPT) this.#recent.shift();
    return times;
  }

  /**
   * When the change that an event tells of went out: with the first tick delivered that is not before the event's own,
   * for a late run may skip ticks. `null` while that tick has not been seen.
   */
  ofEvent(tickIndex: number): number | null {
    const { last } = this;
    if (last === null || last.tickIndex < tickIndex) return null;
    // From the end: most events are of the newest ticks.
    return this.#recent[this.#recent.findLastIndex((times) => times.tickIndex < tickIndex) + 1]!.deliveredUs;
  }

  #endUs(): number {
    return this.last === null ? 0 : endOf(this.last);
  }
}

/** When the last lane had the tick in force. */
export function endOf({ deliveredUs, lanes }: TickTimes): number {
  return lanes.reduce((end, { endUs }) => Math.max(end, endUs), deliveredUs);
}
