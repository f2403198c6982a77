import { gstime } from 'satellite.js';
import { describe, expect, it } from 'vitest';
import { addMs, instantOfMs, minutesSince } from '../time.js';
import { EARTH_ROTATION_RAD_PER_S, gmst, temeToEcef } from './frames.js';
import { newStateVectors } from './propagator.js';

const AT = Date.parse('2024-10-21T13:14:15.678Z');

describe('sidereal time', () => {
  it('agrees with satellite.js as far as one double Julian date goes', () => {
    for (const ms of [AT, Date.parse('2000-01-01T12:00:00Z'), Date.parse('1995-06-30T23:59:59.999Z')]) {
      const difference = Math.abs(gmst(instantOfMs(ms)) - gstime(new Date(ms)));
      expect(Math.min(difference, 2 * Math.PI - difference)).toBeLessThan(1e-8);
    }
  });

  it('is the value of the Astronomical Almanac: 18 h 41 min 50.54841 s at J2000', () => {
    expect((gmst(instantOfMs(Date.parse('2000-01-01T12:00:00Z'))) * 43_200) / Math.PI).toBeCloseTo(67_310.54841, 6);
  });

  it('moves evenly from nanosecond to nanosecond, also over midnight', () => {
    const before = { unixSeconds: AT / 1000 - ((AT / 1000) % 86_400) - 1, nanos: 999_999_999 };
    const after = { unixSeconds: before.unixSeconds + 1, nanos: 0 };
    expect(gmst(after) - gmst(before)).toBeGreaterThan(0);
    expect(gmst(after) - gmst(before)).toBeLessThan(1e-12);
  });
});

describe('time', () => {
  it('counts minutes from an epoch without a Julian date between', () => {
    expect(minutesSince(1_000_000, 500_000_000, { unixSeconds: 1_000_060, nanos: 500_000_000 })).toBe(1);
    expect(minutesSince(0, 0, { unixSeconds: 1_844_000 * 60, nanos: 600_000_000 })).toBe(1_844_000.01);
    expect(minutesSince(100, 0, { unixSeconds: 40, nanos: 0 })).toBe(-1);
  });

  it('adds milliseconds exactly', () => {
    expect(addMs({ unixSeconds: 10, nanos: 999_000_001 }, 1)).toEqual({ unixSeconds: 11, nanos: 1 });
    expect(addMs(instantOfMs(-1), 1)).toEqual({ unixSeconds: 0, nanos: 0 });
  });
});

describe('TEME to ECEF', () => {
  it('keeps lengths, and a velocity is the change of position as the Earth turns', () => {
    const position = [5000, -3000, 4000];
    const velocity = [3, 5, -4.5];
    const at = (seconds: number) => {
      const states = newStateVectors(1, true);
      [states.x[0], states.y[0], states.z[0]] = position.map((p, i) => p + velocity[i] * seconds);
      [states.velocity!.x[0], states.velocity!.y[0], states.velocity!.z[0]] = velocity;
      temeToEcef(states, 1.234 + EARTH_ROTATION_RAD_PER_S * seconds);
      return states;
    };
    const [before, now, after] = [at(-0.5), at(0), at(0.5)];
    expect(Math.hypot(now.x[0], now.y[0], now.z[0])).toBeCloseTo(Math.hypot(...position), 9);
    for (const axis of ['x', 'y', 'z'] as const) expect(after[axis][0] - before[axis][0]).toBeCloseTo(now.velocity![axis][0], 6);
  });
});
