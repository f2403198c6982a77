import { expect, test } from 'vitest';
import { elevationAtRange } from './elevation-mask.js';

const R = 6_378.135;
/** The other way round, by the law of cosines at the station: d = √((R + h)² − R²·cos²ε) − R·sin ε. */
const rangeAt = (elevationDeg: number, altitudeKm: number): number => {
  const e = (elevationDeg * Math.PI) / 180;
  return Math.sqrt((R + altitudeKm) ** 2 - (R * Math.cos(e)) ** 2) - R * Math.sin(e);
};

test.each([0, 10, 25, 45, 89.9])('a satellite seen at %d° is as far away as it takes', (elevationDeg) => {
  for (const altitudeKm of [300, 550, 1_200, 35_786]) expect(elevationAtRange(rangeAt(elevationDeg, altitudeKm), altitudeKm)).toBeCloseTo(elevationDeg, 4);
});

test('beyond the horizon the horizon is the limit; below the altitude nothing is in range', () => {
  expect(elevationAtRange(rangeAt(0, 550) + 100, 550)).toBe(0);
  expect(elevationAtRange(549.9, 550)).toBeNull();
});
