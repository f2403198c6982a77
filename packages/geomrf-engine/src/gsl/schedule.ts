import type { GslPolicy } from '@satsim/geomrf-proto';
import { durationMs } from '../scenario/ground-places.js';

/** As measured on Starlink: at 12, 27, 42 and 57 s of every minute (Tanveer et al., "Making Sense of Constellations", arXiv 2310.09242). */
const PERIOD_MS = 15_000;
const OFFSET_MS = 12_000;

/**
 * The instants of global reconfigurations: a whole number of periods and the offset after 1970-01-01T00:00:00Z, which is a
 * full UTC minute, as every 60 s after it (Unix time has no leap seconds).
 */
export class Schedule {
  readonly #periodMs: number;
  readonly #offsetMs: number;

  constructor(policy: Pick<GslPolicy, 'schedulePeriod' | 'scheduleOffset'>) {
    this.#periodMs = policy.schedulePeriod === undefined ? PERIOD_MS : durationMs(policy.schedulePeriod);
    this.#offsetMs = policy.scheduleOffset === undefined ? OFFSET_MS : durationMs(policy.scheduleOffset);
  }

  /** Number of the period that an instant, Unix ms, lies in; it begins with a reconfiguration. */
  periodOf(timeMs: number): number {
    return Math.floor((timeMs - this.#offsetMs) / this.#periodMs);
  }

  /** The first reconfiguration after an instant. */
  nextAfter(timeMs: number): number {
    return (this.periodOf(timeMs) + 1) * this.#periodMs + this.#offsetMs;
  }
}
