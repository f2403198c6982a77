/** Frames and look angles, written a second time for the tests. km, degrees. */
type Vector = [number, number, number];

const RAD = Math.PI / 180;
export const LIGHT_KM_PER_S = 299_792.458;

/** Greenwich mean sidereal time in degrees (Meeus, Astronomical Algorithms, eq. 12.4). */
function gmstDeg(unixMs: number): number {
  const days = (unixMs - Date.UTC(2000, 0, 1, 12)) / 86_400_000;
  const centuries = days / 36_525;
  return 280.46061837 + 360 * (days % 1) + 0.98564736629 * days + 0.000387933 * centuries ** 2 - centuries ** 3 / 38_710_000;
}

export function temeToEcef([x, y, z]: Vector, unixMs: number): Vector {
  const theta = gmstDeg(unixMs) * RAD;
  return [x * Math.cos(theta) + y * Math.sin(theta), y * Math.cos(theta) - x * Math.sin(theta), z];
}

function siteEcef(latDeg: number, lonDeg: number, altM: number): Vector {
  const a = 6378.137;
  const b = a * (1 - 1 / 298.257223563);
  const lat = latDeg * RAD;
  const lon = lonDeg * RAD;
  // The form with both semi-axes: N = a² / √(a² cos² + b² sin²)
  const n = a ** 2 / Math.hypot(a * Math.cos(lat), b * Math.sin(lat));
  const h = altM / 1000;
  return [(n + h) * Math.cos(lat) * Math.cos(lon), (n + h) * Math.cos(lat) * Math.sin(lon), ((b / a) ** 2 * n + h) * Math.sin(lat)];
}

export function distanceKm(a: Vector, b: Vector): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

export function lookAngles(latDeg: number, lonDeg: number, altM: number, satellite: Vector): { elevationDeg: number; azimuthDeg: number; rangeKm: number } {
  const site = siteEcef(latDeg, lonDeg, altM);
  const d: Vector = [satellite[0] - site[0], satellite[1] - site[1], satellite[2] - site[2]];
  const [sLat, cLat, sLon, cLon] = [Math.sin(latDeg * RAD), Math.cos(latDeg * RAD), Math.sin(lonDeg * RAD), Math.cos(lonDeg * RAD)];
  const east = -sLon * d[0] + cLon * d[1];
  const north = -sLat * cLon * d[0] - sLat * sLon * d[1] + cLat * d[2];
  const up = cLat * cLon * d[0] + cLat * sLon * d[1] + sLat * d[2];
  return {
    elevationDeg: Math.atan2(up, Math.hypot(east, north)) / RAD,
    azimuthDeg: (Math.atan2(east, north) / RAD + 360) % 360,
    rangeKm: Math.hypot(east, north, up),
  };
}
