import { instantOfMs } from '../time.js';
import type { MeanShape, Sgp4Propagator } from './propagator.js';

/** What is known of each orbit over a whole span of time, without propagating through it. */
export interface OrbitBounds {
  /** 0 where the next two columns say nothing: deep space (the Moon's and the Sun's pull), or no position at an end of the span (decay). */
  readonly isBounded: Uint8Array;
  /** Geocentric distance that is never exceeded, km. */
  readonly farthestKm: Float64Array;
  /** Rate around the Earth's centre, in an inertial frame, that is never exceeded, rad/s. */
  readonly angularRate: Float64Array;
  /** 1 where {@link EcefPositions} may interpolate. */
  readonly isSmooth: Uint8Array;
}

/** Between anchors this far apart positions are interpolated. */
export const ANCHOR_MS = 30_000;
/** Interpolation may be off by so much, km: 0.1 mm less what the estimate leaves out. */
const INTERPOLATION_KM = 9e-8;
/** How far the true distance strays from a(1 ± e) of the mean orbit: short-period terms of J2 (10 km) and long-period ones of J3 (7 km), twice. */
const SLACK_KM = 40;
/** Below it SGP4 gives no position. */
const EARTH_RADIUS_KM = 6378;
/** Of WGS-72, km³/s². */
const MU = 398_600.8;

/** Bounds over `startMs` to `endMs`, Unix ms, from the mean orbits at both ends: within a span drag works in one direction. */
export function orbitBounds(propagator: Sgp4Propagator, startMs: number, endMs: number): OrbitBounds {
  const { size } = propagator;
  const bounds = { isBounded: new Uint8Array(size), farthestKm: new Float64Array(size), angularRate: new Float64Array(size), isSmooth: new Uint8Array(size) };
  // Interpolation looks three anchors ahead and back.
  const ends = [instantOfMs(startMs - 3 * ANCHOR_MS), instantOfMs(endMs + 3 * ANCHOR_MS)];
  for (let i = 0; i < size; i++) {
    const [first, last] = ends.map((at) => propagator.meanShapeAt(i, at));
    if (first === null || last === null || !first.nearEarth) continue;
    const perigeeKm = Math.max(EARTH_RADIUS_KM, Math.min(perigeeOf(first), perigeeOf(last)) - SLACK_KM);
    const eccentricity = Math.max(first.eccentricity, last.eccentricity);
    bounds.isBounded[i] = 1;
    bounds.farthestKm[i] = Math.max(apogeeOf(first), apogeeOf(last)) + SLACK_KM;
    bounds.angularRate[i] = Math.sqrt((MU * (1 + eccentricity)) / perigeeKm ** 3);
    bounds.isSmooth[i] = Math.max(interpolationError(first), interpolationError(last)) < INTERPOLATION_KM ? 1 : 0;
  }
  return bounds;
}

/**
 * Error of interpolating through six anchors, in the middle of the third interval, km: 225/46080 of the sixth derivative
 * times the sixth power of the interval (Abramowitz & Stegun 25.2.2 at t = 1/2). For a circular orbit that derivative is
 * a·n⁶. Harmonic k of the motion counts k⁶ times: the second and third of an ellipse (e/2, 3e²/8), the third by J2 (0.02 %).
 * More eccentric orbits have higher ones as well: they are not interpolated.
 */
function interpolationError({ semiMajorAxisKm, eccentricity, meanMotionRadPerS }: MeanShape): number {
  if (eccentricity > 0.05) return Infinity;
  const harmonics = 1.2 + 40 * eccentricity + 300 * eccentricity ** 2;
  return (225 / 46_080) * semiMajorAxisKm * ((meanMotionRadPerS * ANCHOR_MS) / 1000) ** 6 * harmonics;
}

const perigeeOf = ({ semiMajorAxisKm, eccentricity }: MeanShape): number => semiMajorAxisKm * (1 - eccentricity);
const apogeeOf = ({ semiMajorAxisKm, eccentricity }: MeanShape): number => semiMajorAxisKm * (1 + eccentricity);
