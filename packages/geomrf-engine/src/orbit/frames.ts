import type { StateVectors } from './propagator.js';
import type { Instant } from '../time.js';

/** Earth's rotation, rad/s (WGS-84, NIMA TR8350.2 table 3.1, as ICD-GPS-200 uses it). */
export const EARTH_ROTATION_RAD_PER_S = 7.2921151467e-5;

const J2000_UNIX_SECONDS = 946_728_000; // 2000-01-01T12:00:00
const DAY_S = 86_400;

/**
 * Greenwich mean sidereal time, radians 0 to 2π, by the IAU 1982 model (Aoki et al. 1982; Vallado, Fundamentals of
 * Astrodynamics, eq. 3-47), with UTC standing for UT1:
 *
 *     GMST = 67310.54841 s + (876600 h + 8640184.812866 s)·T + 0.093104 s·T² − 6.2e-6 s·T³,  T = Julian centuries since J2000
 *
 * 876600 h·T is 86400 s for every day: whole days drop out and the rest of the day enters without rounding, so that the
 * angle is good to 1e-13 rad where one double Julian date has steps of 3e-9 rad (2 cm at low orbit).
 *
 * Left out, all of them the same for satellites and thus without effect on inter-satellite links:
 * - UT1 − UTC: within 0.9 s always, below 0.1 s in these years: 66 µrad and 460 m (7 µrad, 50 m) along the equator at low orbit.
 * - Polar motion: up to 0.6″, 3 µrad: 20 m.
 * - Equation of the equinoxes: none is needed, TEME counts from the mean equinox; the terms of 1997 (0.0026″ sin Ω) are 9 cm.
 */
export function gmst(at: Instant): number {
  const seconds = at.unixSeconds - J2000_UNIX_SECONDS;
  const days = Math.floor(seconds / DAY_S);
  const ofDay = seconds - days * DAY_S + at.nanos / 1e9;
  const t = (days + ofDay / DAY_S) / 36_525;
  const sidereal = (67_310.54841 + ofDay + ((-6.2e-6 * t + 0.093104) * t + 8_640_184.812866) * t) % DAY_S;
  return ((sidereal < 0 ? sidereal + DAY_S : sidereal) / DAY_S) * 2 * Math.PI;
}

/** TEME → ECEF in place: turns by GMST; velocities become those seen from the turning Earth (− ω × r). */
export function temeToEcef(states: StateVectors, gmstRad: number): void {
  const { x, y, z, velocity } = states;
  const cos = Math.cos(gmstRad);
  const sin = Math.sin(gmstRad);
  for (let i = 0; i < z.length; i++) {
    const xi = x[i];
    x[i] = cos * xi + sin * y[i];
    y[i] = cos * y[i] - sin * xi;
    if (velocity === null) continue;
    const vx = velocity.x[i];
    velocity.x[i] = cos * vx + sin * velocity.y[i] + EARTH_ROTATION_RAD_PER_S * y[i];
    velocity.y[i] = cos * velocity.y[i] - sin * vx - EARTH_ROTATION_RAD_PER_S * x[i];
  }
}
