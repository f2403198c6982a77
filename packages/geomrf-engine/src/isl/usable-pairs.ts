import type { IslPolicy } from '@satsim/geomrf-proto';
import { LineOfSight } from '../geometry/line-of-sight.js';
import { WGS84_A_KM } from '../geometry/sites.js';
import type { Positions } from '../orbit/ecef-positions.js';

/**
 * Whether two satellites can be linked at this instant: both have a position, the range allows it, the Earth does not stand
 * between and, for those of different planes, neither is beyond the polar cut-off (geocentric latitude).
 */
export class UsablePairs {
  readonly #maxRange2: number;
  readonly #sight: LineOfSight;
  /** Radius of a sphere around the Earth and its atmosphere, squared. */
  readonly #earth2: number;
  readonly #planeOf: Int32Array;
  readonly #sin2Cutoff: number;
  readonly #beyondCutoff: Uint8Array;
  #positions!: Positions;

  constructor({ maxRangeM, minAltitudeM, polarCutoffLatDeg }: IslPolicy, planeOf: Int32Array) {
    this.#maxRange2 = maxRangeM === 0 ? Infinity : (maxRangeM / 1000) ** 2;
    this.#sight = new LineOfSight(minAltitudeM / 1000);
    this.#earth2 = (WGS84_A_KM + minAltitudeM / 1000) ** 2;
    this.#planeOf = planeOf;
    this.#sin2Cutoff = polarCutoffLatDeg === undefined ? Infinity : Math.sin((polarCutoffLatDeg * Math.PI) / 180) ** 2;
    this.#beyondCutoff = new Uint8Array(planeOf.length);
  }

  moveTo(positions: Positions): void {
    this.#positions = positions;
    if (this.#sin2Cutoff === Infinity) return;
    const { x, y, z } = positions;
    for (let i = 0; i < z.length; i++) this.#beyondCutoff[i] = z[i] * z[i] > this.#sin2Cutoff * (x[i] * x[i] + y[i] * y[i] + z[i] * z[i]) ? 1 : 0;
  }

  /** @param range2 their distance squared, km²; NaN without a position */
  has(a: number, b: number, range2: number): boolean {
    // Written so that NaN fails.
    if (!(range2 <= this.#maxRange2)) return false;
    const { x, y, z } = this.#positions;
    // One by one: an array to take apart would be made anew for every pair.
    const ax = x[a];
    const ay = y[a];
    const az = z[a];
    const bx = x[b];
    const by = y[b];
    const bz = z[b];
    // No point of the line is nearer to the centre than √(r² − range²/4), r the nearer end: mostly that says enough.
    const nearer2 = Math.min(ax * ax + ay * ay + az * az, bx * bx + by * by + bz * bz);
    if (!(nearer2 - range2 / 4 >= this.#earth2) && !this.#sight.clear(ax, ay, az, bx, by, bz)) return false;
    if (this.#sin2Cutoff === Infinity || (this.#planeOf[a] === this.#planeOf[b] && this.#planeOf[a] >= 0)) return true;
    return this.#beyondCutoff[a] === 0 && this.#beyondCutoff[b] === 0;
  }
}
