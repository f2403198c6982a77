import type { ElementSet } from './element-set.js';

/** WGS-72, as SGP4 uses it. */
const MU_KM3_PER_S2 = 398_600.8;
const EARTH_RADIUS_KM = 6_378.135;
const SECONDS_PER_DAY = 86_400;

/**
 * Mean motion of a circular orbit, rev/day, by Kepler's third law. It is handed to SGP4 as the Kozai mean motion that
 * element sets carry. Of a = 6,378.135 km + altitude the mean radius that SGP4 then gives differs by
 * −½·k₂·(3·cos²i − 1)/a Earth radii (k₂ = 5.413e-4: −3.3 to +1.7 km in low orbit): the un-Kozai step changes the
 * semi-major axis by +k₂·(3·cos²i − 1)/a, the constant short-period term takes −1.5 times as much away (Spacetrack Report
 * No. 3, section 6). Inverting the un-Kozai step would leave the whole −1.5, three times as far from the wanted altitude.
 */
export function kozaiMeanMotion(altitudeKm: number): number {
  const a = EARTH_RADIUS_KM + altitudeKm;
  return (Math.sqrt(MU_KM3_PER_S2 / a ** 3) * SECONDS_PER_DAY) / (2 * Math.PI);
}

/** Height above 6,378.135 km of the circular orbit with this mean motion; the inverse of what a Walker shell does. */
export function meanAltitudeKm(elements: Pick<ElementSet, 'meanMotionRevPerDay'>): number {
  const radiansPerSecond = (elements.meanMotionRevPerDay * 2 * Math.PI) / SECONDS_PER_DAY;
  return Math.cbrt(MU_KM3_PER_S2 / radiansPerSecond ** 2) - EARTH_RADIUS_KM;
}
