import { describe, expect, it } from 'vitest';
import { areAntipodal, legSpeedKmS } from './track-leg.js';
import type { TrackPoint } from './track-leg.js';

const at = (seconds: number, latDeg: number, lonDeg: number, altM = 0): TrackPoint => ({ atMs: 1000 * seconds, latDeg, lonDeg, altM });

describe('from one waypoint to the next', () => {
  it('opposite places are those within a metre of the antipode', () => {
    // A metre is 9.0e-6 degrees of latitude.
    expect(areAntipodal(at(0, 30, 10), at(1, -30, -170))).toBe(true);
    expect(areAntipodal(at(0, 30, 10), at(1, -30 + 8e-6, 190))).toBe(true);
    expect(areAntipodal(at(0, 30, 10), at(1, -30 + 1e-5, 190))).toBe(false);
    expect(areAntipodal(at(0, 90, 10), at(1, -90, 77))).toBe(true);
    expect(areAntipodal(at(0, 30, 10), at(1, 30, 10))).toBe(false);
  });

  it('speed is at least that over ground and the climb, and no more than 0.5 % above', () => {
    // A degree of longitude at the equator is 111.320 km.
    const level = legSpeedKmS(at(0, 0, 0), at(100, 0, 1));
    expect(level).toBeGreaterThan(1.1132);
    expect(level).toBeLessThan(1.1132 * 1.005);
    expect(legSpeedKmS(at(0, 45, 0), at(10, 45, 0, 20_000))).toBeCloseTo(2, 12);
    expect(legSpeedKmS(at(5, 45, 0, 20_000), at(15, 45, 0))).toBeCloseTo(2, 12);
    expect(legSpeedKmS(at(0, 0, 0, 50_000), at(100, 0, 1))).toBeGreaterThan(Math.hypot(1.1132, 0.5));
  });
});
