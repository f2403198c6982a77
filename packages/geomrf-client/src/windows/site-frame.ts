type Vector = readonly [number, number, number];

/** Unit vectors of a site in ECEF: east, north, and up along the normal of the ellipsoid. */
export interface SiteFrame {
  readonly east: Vector;
  readonly north: Vector;
  readonly up: Vector;
}

/** WGS-84 (NIMA TR8350.2): semi-major axis, m, flattening and first eccentricity squared. */
const A_M = 6_378_137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
/** Second eccentricity squared times the semi-minor axis. */
const SECOND_E2_B_M = (E2 * A_M) / (1 - FLATTENING);

/**
 * The frame of a place near the ellipsoid, ECEF in metres; its latitude by Bowring's iteration
 * ("Transformation from spatial to geographical coordinates", Survey Review 23, 1976).
 */
export function siteFrame(x: number, y: number, z: number): SiteFrame {
  const p = Math.hypot(x, y);
  let reduced = Math.atan2(z, (1 - FLATTENING) * p);
  let latitude = 0;
  for (let round = 0; round < 3; round++) {
    const [sin, cos] = [Math.sin(reduced), Math.cos(reduced)];
    latitude = Math.atan2(z + SECOND_E2_B_M * sin ** 3, p - E2 * A_M * cos ** 3);
    reduced = Math.atan2((1 - FLATTENING) * Math.sin(latitude), Math.cos(latitude));
  }
  const longitude = Math.atan2(y, x);
  const [sinLat, cosLat, sinLon, cosLon] = [Math.sin(latitude), Math.cos(latitude), Math.sin(longitude), Math.cos(longitude)];
  return { east: [-sinLon, cosLon, 0], north: [-sinLat * cosLon, -sinLat * sinLon, cosLat], up: [cosLat * cosLon, cosLat * sinLon, sinLat] };
}
