/** As Hypatia has it (WGS-72). */
const EARTH_RADIUS_KM = 6_378.135;

/**
 * Elevation at which a satellite of this altitude is this far away, degrees; 0 when it would be below the horizon. On a
 * sphere, with the triangle of Earth's centre, station and satellite: (R + h)² = R² + d² + 2·R·d·sin(elevation).
 * @returns `null` when it is never that near: the range is less than the altitude
 */
export function elevationAtRange(rangeKm: number, altitudeKm: number): number | null {
  if (rangeKm < altitudeKm) return null;
  const sine = (2 * EARTH_RADIUS_KM * altitudeKm + altitudeKm ** 2 - rangeKm ** 2) / (2 * EARTH_RADIUS_KM * rangeKm);
  return Math.max(0, (Math.asin(sine) * 180) / Math.PI);
}
