import { WGS84_A_KM, WGS84_B_KM } from './sites.js';

/** Speed of light in vacuum, km/s. Radio and laser links travel at it; nothing here is slowed by glass. */
export const LIGHT_KM_PER_S = 299_792.458;

/** Tells whether the straight line between two places clears the Earth: the WGS-84 ellipsoid with both axes longer by a height. */
export class LineOfSight {
  readonly #inverseA: number;
  readonly #inverseB: number;

  /** @param minAltitudeKm height of atmosphere to clear */
  constructor(minAltitudeKm: number) {
    this.#inverseA = 1 / (WGS84_A_KM + minAltitudeKm);
    this.#inverseB = 1 / (WGS84_B_KM + minAltitudeKm);
  }

  /** ECEF or TEME, km. False as well when an end itself is below the height, or not a number. */
  clear(ax: number, ay: number, az: number, bx: number, by: number, bz: number): boolean {
    // Scaled so that the ellipsoid is the unit sphere: lines stay lines.
    const [x, y, z] = [ax * this.#inverseA, ay * this.#inverseA, az * this.#inverseB];
    const [dx, dy, dz] = [bx * this.#inverseA - x, by * this.#inverseA - y, bz * this.#inverseB - z];
    const length2 = dx * dx + dy * dy + dz * dz;
    const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, -(x * dx + y * dy + z * dz) / length2));
    const [cx, cy, cz] = [x + t * dx, y + t * dy, z + t * dz];
    return cx * cx + cy * cy + cz * cz >= 1;
  }
}
