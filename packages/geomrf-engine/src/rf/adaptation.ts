import type { ModcodStep } from './dvb-s2x.js';

/** No MODCOD: the link can't carry anything now. */
export const OUTAGE = -1;

/**
 * Adaptive coding and modulation. A MODCOD is chosen when the SNR exceeds its threshold by the margin; stepping up takes
 * the hysteresis on top, stepping down comes at once. Only the lowest MODCOD is also used within its margin: there frames
 * are lost before the link is.
 */
export class Adaptation {
  readonly steps: readonly ModcodStep[];
  readonly marginDb: number;
  readonly hysteresisDb: number;
  /** SNR from which a new link has each MODCOD, beginning with {@link OUTAGE} and ending with what is above the last. */
  readonly #least: Float64Array;

  /** @param steps in any order; those that another one beats are never used */
  constructor(steps: readonly ModcodStep[], marginDb: number, hysteresisDb: number) {
    const ascending = steps.toSorted((a, b) => a.minSnrDb - b.minSnrDb || b.spectralEfficiency - a.spectralEfficiency);
    let best = 0;
    this.steps = ascending.filter((step) => step.spectralEfficiency > best && ((best = step.spectralEfficiency), true));
    this.marginDb = marginDb;
    this.hysteresisDb = hysteresisDb;
    // The lowest is used within its margin too.
    this.#least = Float64Array.from([-Infinity, ...this.steps.map(({ minSnrDb }, i) => minSnrDb + (i === 0 ? 0 : marginDb)), Infinity]);
  }

  /**
   * Index into {@link steps}, or {@link OUTAGE}.
   *
   * @param current the MODCOD until now; `null` for a link that begins
   */
  choose(snrDb: number, current: number | null): number {
    if (current !== null && this.#fits(snrDb, current)) return current;
    const plain = this.#highest(snrDb);
    if (current === null || plain <= current) return plain;
    return Math.max(current, this.#highest(snrDb - this.hysteresisDb));
  }

  /** dB above the MODCOD's bare threshold; in an outage, what the lowest one lacks (negative). */
  marginOf(snrDb: number, modcod: number): number {
    return snrDb - this.steps[Math.max(modcod, 0)].minSnrDb;
  }

  /**
   * Share of packets lost, 0 to 1. The configured margin stands for what a real modem needs above the ideal threshold: with
   * all of it loss is 0; at the ideal threshold everything is lost; between, the logarithm of loss is linear in dB from the
   * table's quasi-error-free 1e-5 upwards, the steep slope of LDPC codes: `10^(−5·margin/configured)`.
   */
  lossOf(marginDb: number): number {
    if (marginDb < 0) return 1;
    return marginDb >= this.marginDb ? 0 : 10 ** ((-5 * marginDb) / this.marginDb);
  }

  /** Whether it is also what a new link would have: so it is at nearly every tick. */
  #fits(snrDb: number, modcod: number): boolean {
    const [least, next] = [this.#least[modcod + 1], this.#least[modcod + 2]];
    return snrDb >= least && snrDb < next;
  }

  #highest(snrDb: number): number {
    let modcod = this.steps.length - 1;
    while (modcod > OUTAGE && !(snrDb >= this.#least[modcod + 1])) modcod--;
    return modcod;
  }
}
