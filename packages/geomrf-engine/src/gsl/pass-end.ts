import { gmst } from '../orbit/frames.js';
import { instantOfMs } from '../time.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { isVisible } from './visibility.js';

const STEP_MS = 30_000;
const HORIZON_MS = 6 * 3_600_000;

/**
 * Predicts when a satellite that is visible will set, by propagating it ahead in steps of 30 s and halving the last one. A
 * satellite that is up for 6 hours more counts as never setting. Each pass is computed once.
 */
export class PassEnds {
  readonly #scenario: CompiledScenario;
  readonly #sinMask: number;
  readonly #ends = new Map<number, number>();
  readonly #position = new Float64Array(3);
  #nextSweepMs = -Infinity;

  constructor(scenario: CompiledScenario, maskDeg: number) {
    this.#scenario = scenario;
    this.#sinMask = Math.sin((maskDeg * Math.PI) / 180);
  }

  /** Unix ms to about 1 ms, `Infinity` beyond the horizon. */
  of(siteIndex: number, satellite: number, nowMs: number): number {
    this.#sweep(nowMs);
    const key = siteIndex * this.#scenario.propagator.size + satellite;
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
    if (!this.#scenario.propagator.positionOf(satellite, at, position)) return false;
    const angle = gmst(at);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const x = position[0];
    position[0] = cos * x + sin * position[1];
    position[1] = cos * position[1] - sin * x;
    return isVisible(this.#scenario.sites[siteIndex].site, this.#sinMask, position);
  }

  #sweep(nowMs: number): void {
    if (nowMs < this.#nextSweepMs) return;
    this.#nextSweepMs = nowMs + HORIZON_MS / 6;
    for (const [key, end] of this.#ends) if (end <= nowMs) this.#ends.delete(key);
  }
}
