import type { Geodetic } from './geodetic.js';

/** RFC 7946: longitude first; then metres above the ellipsoid. */
export type Position = readonly [lonDeg: number, latDeg: number, altM: number];

/** Rounded to a decimetre, on the map as in height. */
export function toPosition({ lonDeg, latDeg, altM }: Geodetic): Position {
  return [round(lonDeg, 6), round(latDeg, 6), round(altM, 1)];
}

/** Adding zero makes -0 a 0. */
const round = (value: number, digits: number): number => Number(value.toFixed(digits)) + 0;
