import type { EphemerisSample } from './ephemeris-samples.js';
import type { SiteFrame } from './site-frame.js';

export interface Direction {
  readonly elevationDeg: number;
  /** Clockwise from north, 0 to 360. */
  readonly azimuthDeg: number;
}

const DEG = 180 / Math.PI;

/**
 * The way of one satellite across the sky of one site between two samples. Positions between them are cubic Hermite
 * interpolations of positions and velocities: over a minute of a low orbit right to a metre (h⁴/384 · |d⁴r/dt⁴|, with
 * d⁴r/dt⁴ ≈ n⁴r and n = 0.0011 rad/s: 0.3 m). Times are seconds after the first sample.
 */
export class SkyArc {
  readonly #h: number;
  readonly #from: SiteFrame;
  readonly #to: SiteFrame;
  /** Per axis: coefficients of the cubic of satellite minus site, m. */
  readonly #cubic = new Float64Array(12);

  constructor(a: EphemerisSample, b: EphemerisSample, satellite: number, site: number, from: SiteFrame, to: SiteFrame) {
    const h = (b.timeMs - a.timeMs) / 1e3;
    this.#h = h;
    this.#from = from;
    this.#to = to;
    for (let axis = 0; axis < 3; axis++) {
      const [i, j] = [3 * satellite + axis, 3 * site + axis];
      const p = a.positionM[i]! - a.positionM[j]!;
      const v = a.velocityMPerS[i]! - a.velocityMPerS[j]!;
      const rise = b.positionM[i]! - b.positionM[j]! - p;
      const w = b.velocityMPerS[i]! - b.velocityMPerS[j]!;
      this.#cubic.set([p, v, (3 * rise) / h ** 2 - (2 * v + w) / h, (v + w) / h ** 2 - (2 * rise) / h ** 3], 4 * axis);
    }
  }

  /** How far above an elevation, given by its sine, in metres of the site's vertical; at or above it from 0 on. */
  height(t: number, sinElevation: number): number {
    const [x, y, z] = [this.#at(0, t), this.#at(1, t), this.#at(2, t)];
    return this.#along('up', t, x, y, z) - sinElevation * Math.sqrt(x * x + y * y + z * z);
  }

  sinElevation(t: number): number {
    const [x, y, z] = [this.#at(0, t), this.#at(1, t), this.#at(2, t)];
    return this.#along('up', t, x, y, z) / Math.sqrt(x * x + y * y + z * z);
  }

  direction(t: number): Direction {
    const [x, y, z] = [this.#at(0, t), this.#at(1, t), this.#at(2, t)];
    const [east, north, up] = [this.#along('east', t, x, y, z), this.#along('north', t, x, y, z), this.#along('up', t, x, y, z)];
    const azimuth = Math.atan2(east, north) * DEG;
    return { elevationDeg: Math.atan2(up, Math.hypot(east, north)) * DEG, azimuthDeg: azimuth < 0 ? azimuth + 360 : azimuth };
  }

  #at(axis: number, t: number): number {
    const at = 4 * axis;
    return ((this.#cubic[at + 3]! * t + this.#cubic[at + 2]!) * t + this.#cubic[at + 1]!) * t + this.#cubic[at]!;
  }

  /** A site that moves turns its axes so little in a minute that they can be taken to go in a straight line. */
  #along(axis: 'east' | 'north' | 'up', t: number, x: number, y: number, z: number): number {
    const [a, b] = [this.#from[axis], this.#to[axis]];
    const share = t / this.#h;
    return (a[0] + share * (b[0] - a[0])) * x + (a[1] + share * (b[1] - a[1])) * y + (a[2] + share * (b[2] - a[2])) * z;
  }
}
