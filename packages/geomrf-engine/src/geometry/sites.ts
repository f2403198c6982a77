/** WGS-84 (NIMA TR8350.2): semi-major axis, km, and flattening. */
export const WGS84_A_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
export const WGS84_B_KM = WGS84_A_KM * (1 - FLATTENING);
const E2 = FLATTENING * (2 - FLATTENING);

export interface GeodeticDeg {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly altM: number;
}

/** A site on the ellipsoid, ECEF: position in km and the unit vectors east, north and up (the ellipsoid's normal). */
export interface Site {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly east: readonly [number, number, number];
  readonly north: readonly [number, number, number];
  readonly up: readonly [number, number, number];
}

/** WGS-84 geodetic to ECEF (NIMA TR8350.2 eq. 4-14). */
export function siteOf({ latDeg, lonDeg, altM }: GeodeticDeg): Site {
  const [lat, lon] = [(latDeg * Math.PI) / 180, (lonDeg * Math.PI) / 180];
  const [sinLat, cosLat, sinLon, cosLon] = [Math.sin(lat), Math.cos(lat), Math.sin(lon), Math.cos(lon)];
  const normal = WGS84_A_KM / Math.sqrt(1 - E2 * sinLat * sinLat);
  const altKm = altM / 1000;
  return {
    x: (normal + altKm) * cosLat * cosLon,
    y: (normal + altKm) * cosLat * sinLon,
    z: (normal * (1 - E2) + altKm) * sinLat,
    east: [-sinLon, cosLon, 0],
    north: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
    up: [cosLat * cosLon, cosLat * sinLon, sinLat],
  };
}

/** Degrees clockwise from north, 0 to 360, of an ECEF position in km. */
export function azimuthDeg(site: Site, x: number, y: number, z: number): number {
  const [dx, dy, dz] = [x - site.x, y - site.y, z - site.z];
  const east = dx * site.east[0] + dy * site.east[1];
  const north = dx * site.north[0] + dy * site.north[1] + dz * site.north[2];
  const deg = (Math.atan2(east, north) * 180) / Math.PI;
  return deg < 0 ? deg + 360 : deg;
}

/** Degrees above the horizon, of a satellite that is `rise` km above the site's horizontal plane at a distance of `rangeKm`. */
export function elevationDeg(rise: number, rangeKm: number): number {
  return (Math.asin(Math.min(1, Math.max(-1, rise / rangeKm))) * 180) / Math.PI;
}
