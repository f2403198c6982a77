/** Earth-centred, Earth-fixed coordinates, metres. */
export type Ecef = readonly [x: number, y: number, z: number];

export interface Geodetic {
  /** Degrees east, above -180 to 180. */
  readonly lonDeg: number;
  /** Degrees north, perpendicular to the ellipsoid. */
  readonly latDeg: number;
  /** Metres above the ellipsoid. */
  readonly altM: number;
}

// WGS 84: NGA.STND.0036, table 3.1.
const A = 6_378_137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const EP2 = E2 / (1 - E2);
/** Below a tenth of a millimetre from the deep sea to beyond the geostationary orbit. */
const ITERATIONS = 3;

const degrees = (radians: number): number => (radians * 180) / Math.PI;

/**
 * WGS 84 geodetic coordinates. Latitude by Bowring's iteration on the parametric latitude (Survey Review 23, 1976), altitude
 * by his formula of 1985 (Survey Review 28), which holds at the poles as well.
 */
export function toGeodetic([x, y, z]: Ecef): Geodetic {
  const p = Math.hypot(x, y);
  let latitude = Math.atan2(z, p * (1 - E2));
  for (let i = 0; i < ITERATIONS; i++) {
    const parametric = Math.atan2((1 - F) * Math.sin(latitude), Math.cos(latitude));
    latitude = Math.atan2(z + EP2 * B * Math.sin(parametric) ** 3, p - E2 * A * Math.cos(parametric) ** 3);
  }
  const sin = Math.sin(latitude);
  // Adding zero takes the sign from a zero: -0 would be the western side of the antimeridian.
  return { lonDeg: degrees(Math.atan2(y + 0, x)), latDeg: degrees(latitude), altM: p * Math.cos(latitude) + z * sin - A * Math.sqrt(1 - E2 * sin * sin) };
}
