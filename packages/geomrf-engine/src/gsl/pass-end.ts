import { GroundSites } from '../geometry/sites.js';
import type { GroundPlace } from '../geometry/sites.js';
import { gmst } from '../orbit/frames.js';
import type { Propagator } from '../orbit/propagator.js';
import { instantOfMs } from '../time.js';

const STEP_MS = 30_000;
const HORIZON_MS = 6 * 3_600_000;

/**
 * Predicts when a satellite that is visible will set, by propagating it ahead in steps of 30 s and halving the last one. A
 * satellite that is up for 6 hours more counts as never setting. Each pass is computed once.
 */
export class PassEnds {
  readonly #propagator: Propagator;
  /** Of its own: they are moved ahead of the time. */
  readonly #sites: GroundSites;
  readonly #ends = new Map<number, number>();
  readonly #position = new Float64Array(3);
  #nextSweepMs = -Infinity;

  /** @param places by the index that {@link of} is asked with */
  constructor(propagator: Propagator, places: readonly GroundPlace[]) {
    this.#propagator = propagator;
    this.#sites = new GroundSites(places);
  }

  /** Unix ms to about 1 ms, `Infinity` beyond the horizon. */
  of(siteIndex: number, satellite: number, nowMs: number): number {
    this.#sweep(nowMs);
    const key = siteIndex * this.#propagator.size + satellite;
    let end = this.#ends.get(key);
    if (end === undefined || end <= nowMs) this.#ends.set(key, (end = this.#predict(siteIndex, satellite, nowMs)));
    return end;
  }

  #predict(siteIndex: number, satellite: number, nowMs: number): number {
    let before = nowMs;
    let after = (Math.floor(nowMs / STEP_MS) + 1) * STEP_MS;
    while (this.#visible(siteIndex, satellite, after)) {
      if (after - nowMs > HORIZON_MS) return Infinity;
      before = after;
      after += STEP_MS;
    }
    while (after - before > 1) {
      const middle = Math.floor((before + after) / 2);
      if (this.#visible(siteIndex, satellite, middle)) before = middle;
      else after = middle;
    }
    return after;
  }

  #visible(siteIndex: number, satellite: number, ms: number): boolean {
    const at = instantOfMs(ms);
    const position = this.#position;
    if (!this.#propagator.positionOf(satellite, at, position)) return false;
    const angle = gmst(at);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const x = position[0];
    position[0] = cos * x + sin * position[1];
    position[1] = cos * position[1] - sin * x;
    const sites = this.#sites;
    sites.moveOne(siteIndex, ms);
    const [px, py, pz] = position;
    return sites.aboveMask(siteIndex, sites.sinElevation(siteIndex, px, py, pz), px, py, pz);
  }

  #sweep(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return;
    this.#nextSweepMs = nowMs + HORIZON_MS / 6;
    for (const [key, end] of this.#ends) if (end <= nowMs) this.#ends.delete(key);
  }
}
