import { normalQuantile, normalTail } from './normal-distribution.js';
import { SeededNormal } from './seeded-normal.js';

/** Correlation times between two roots of the tree: values there are independent (their correlation is 1e-7). */
const ROOT_SPACING = 16;
/** Halvings of the root interval: the finest grid has 128 points for each correlation time. */
const LEVELS = 11;
const CELLS = 2 ** LEVELS;

/** At each level, the point in the middle of two: its mean is `weight` times their sum. */
const BRIDGE = Array.from({ length: LEVELS }, (_, level) => {
  const rho = Math.exp(-ROOT_SPACING / 2 ** (level + 1));
  return { weight: rho / (1 + rho * rho), deviation: Math.sqrt((1 - rho * rho) / (1 + rho * rho)) };
});

/** How it rains at one place, statistically. */
export interface RainStatistics {
  /** Share of time with rain, 0 to 1. */
  readonly probability: number;
  /** mm/h, while it rains. */
  readonly medianMmPerH: number;
  /** Standard deviation of the natural logarithm of the rate, while it rains. */
  readonly sigma: number;
  readonly correlationTimeS: number;
}

/**
 * Rain that comes and goes at random, the same at an instant whatever was asked before: a function of seed, place and time.
 *
 * Behind it is a Gaussian process whose correlation falls as e^(−Δt/correlation time) (T. Maseng and P. Bakken, A stochastic
 * dynamic model of rain attenuation, IEEE Trans. Comm. 29, 1981; ITU-R P.1853-2 uses it with 1/5000 s). It rains while the
 * process exceeds the value that it exceeds with the rain's probability; the rate is then lognormal, and rises from nothing
 * as a shower begins: ln R = ln median + σ·Q⁻¹(Q(x)/probability), the form that P.1853-2 has for the liquid water of clouds.
 *
 * Any instant is reached at once by halving intervals of an absolute grid (each place has its own, so that not all places
 * come to new intervals in the same tick): the middle of two known points of such a process
 * is normal around their weighted mean, whatever lies outside them. Between points of the finest grid (1/128 of the
 * correlation time) the process runs in straight lines.
 */
export class RainProcess {
  readonly #numbers: SeededNormal;
  readonly #statistics: RainStatistics;
  readonly #threshold: number;
  readonly #rootMs: number;
  /** Of the place's grid, in roots. */
  readonly #phase: number;
  /** The interval of the last look, as later ones mostly fall into it too. */
  #cell = Number.NaN;
  #left = 0;
  #right = 0;

  constructor(statistics: RainStatistics, seed: bigint, place: string) {
    this.#statistics = statistics;
    this.#numbers = new SeededNormal(seed, place);
    const { probability } = statistics;
    this.#threshold = probability <= 0 ? Infinity : probability >= 1 ? -Infinity : -normalQuantile(probability);
    this.#rootMs = ROOT_SPACING * statistics.correlationTimeS * 1000;
    this.#phase = this.#numbers.uniformAt(LEVELS + 1, 0);
  }

  /** mm/h. @param timeMs since the Unix epoch */
  rateAt(timeMs: number): number {
    const x = this.gaussianAt(timeMs);
    if (!(x > this.#threshold)) return 0;
    const { probability, medianMmPerH, sigma } = this.#statistics;
    const exceeded = normalTail(x) / probability;
    return exceeded >= 1 ? 0 : medianMmPerH * Math.exp(-sigma * normalQuantile(Math.max(exceeded, Number.MIN_VALUE)));
  }

  /** The process behind it: mean 0, variance 1. */
  gaussianAt(timeMs: number): number {
    const at = timeMs / this.#rootMs + this.#phase;
    const root = Math.floor(at);
    const within = (at - root) * CELLS;
    const cell = Math.floor(within);
    if (root * CELLS + cell !== this.#cell) this.#find(root, cell);
    return this.#left + (within - cell) * (this.#right - this.#left);
  }

  #find(root: number, cell: number): void {
    let left = this.#numbers.at(0, root);
    let right = this.#numbers.at(0, root + 1);
    for (let level = 0; level < LEVELS; level++) {
      const { weight, deviation } = BRIDGE[level];
      const middle = weight * (left + right) + deviation * this.#numbers.at(level + 1, root * 2 ** level + (cell >> (LEVELS - level)));
      if (((cell >> (LEVELS - level - 1)) & 1) === 1) left = middle;
      else right = middle;
    }
    this.#cell = root * CELLS + cell;
    this.#left = left;
    this.#right = right;
  }
}
