import { describe, expect, test } from 'vitest';
import type { EphemerisSample } from './ephemeris-samples.js';
import { flatHorizon } from './horizon.js';
import type { Horizon } from './horizon.js';
import { PassFinder } from './pass-finder.js';
import type { Pass } from './pass-finder.js';

const SITE_M = 6_378_137;
const ORBIT_M = SITE_M + 550_000;
const RAD = Math.PI / 180;
/** Of the satellite over the ground, rad/s. */
const RATE = 0.00102;
const STEP_S = 60;

interface Circle {
  /** Least angle between satellite and site, seen from the Earth's centre, rad: north of the site. */
  readonly offset?: number;
  /** Seconds after the first sample at which the satellite is nearest. */
  readonly nearestS: number;
  /** Of the site, eastward along the equator, rad/s. */
  readonly siteRate?: number;
}

type State = readonly [position: readonly number[], velocity: readonly number[]];

/** A circle eastward over a site on the equator, and the site: everything has a closed form. */
function states(t: number, { offset = 0, nearestS, siteRate = 0 }: Circle): { satellite: State; site: State } {
  const angle = RATE * (t - nearestS) + siteRate * nearestS;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const around = (scale: number, x: number, y: number): number[] => [scale * x * Math.cos(offset), scale * y, scale * x * Math.sin(offset)];
  const place = siteRate * t;
  return {
    satellite: [around(ORBIT_M, cos, sin), around(ORBIT_M * RATE, -sin, cos)],
    site: [
      [SITE_M * Math.cos(place), SITE_M * Math.sin(place), 0],
      [-SITE_M * siteRate * Math.sin(place), SITE_M * siteRate * Math.cos(place), 0],
    ],
  };
}

function passesOf(circles: readonly Circle[], spanS: number, horizon: Horizon): readonly Pass[] {
  const finder = new PassFinder(
    circles.map((_, index) => `S-${index}`),
    horizon,
  );
  for (let t = 0; t < spanS + STEP_S; t += STEP_S) {
    const all = circles.map((circle) => states(t, circle));
    const nodes = [...all.map(({ satellite }) => satellite), all[0]!.site];
    const sample: EphemerisSample = {
      timeMs: t * 1e3,
      positionM: nodes.flatMap(([position]) => position),
      velocityMPerS: nodes.flatMap(([, velocity]) => velocity),
      failures: [],
    };
    finder.add(sample, spanS * 1e3);
  }
  return finder.end();
}

/** Angle at the Earth's centre under which a satellite stands at an elevation: λ = arccos(R/r · cos ε) − ε. */
const centralAngle = (elevationDeg: number): number => Math.acos((SITE_M / ORBIT_M) * Math.cos(elevationDeg * RAD)) - elevationDeg * RAD;
const elevationAt = (angle: number): number => Math.atan2(Math.cos(angle) - SITE_M / ORBIT_M, Math.sin(angle)) / RAD;

describe('passes on a circle, against their closed form', () => {
  test.each([0, 10, 25, 60])('through the zenith, mask %i°: half of it is λ over the rate', (maskDeg) => {
    const [pass, ...more] = passesOf([{ nearestS: 700.25 }], 1400, flatHorizon(maskDeg));
    const half = centralAngle(maskDeg) / RATE;
    expect(more).toEqual([]);
    expect(pass!.rise.timeMs / 1e3).toBeCloseTo(700.25 - half, 3);
    expect(pass!.set.timeMs / 1e3).toBeCloseTo(700.25 + half, 3);
    expect(pass!.culmination.timeMs / 1e3).toBeCloseTo(700.25, 2);
    expect(pass!.culmination.elevationDeg).toBeGreaterThan(89.99);
    expect(pass!.rise.elevationDeg).toBeCloseTo(maskDeg, 3);
    expect([pass!.rise.azimuthDeg, pass!.set.azimuthDeg]).toEqual([expect.closeTo(270, 6), expect.closeTo(90, 6)]);
    expect([pass!.cutAtStart, pass!.cutAtEnd]).toEqual([false, false]);
  });

  test.each([3, 8, 12])('%i° to the north: cos λ = cos β cos ωt', (offsetDeg) => {
    const offset = offsetDeg * RAD;
    const [pass] = passesOf([{ nearestS: 700.25, offset }], 1400, flatHorizon(10));
    const half = Math.acos(Math.cos(centralAngle(10)) / Math.cos(offset)) / RATE;
    expect(pass!.rise.timeMs / 1e3).toBeCloseTo(700.25 - half, 3);
    expect(pass!.set.timeMs / 1e3).toBeCloseTo(700.25 + half, 3);
    expect(pass!.culmination).toMatchObject({
      elevationDeg: expect.closeTo(elevationAt(offset), 4),
      azimuthDeg: expect.toSatisfy((az: number) => az < 0.01 || az > 359.99),
    });
  });

  test('no pass at all where the culmination stays below the mask', () => {
    expect(passesOf([{ nearestS: 700, offset: 8 * RAD }], 1400, flatHorizon(elevationAt(8 * RAD) + 0.01))).toEqual([]);
    expect(passesOf([{ nearestS: 700, offset: 8 * RAD }], 1400, flatHorizon(elevationAt(8 * RAD) - 0.01))).toHaveLength(1);
  });

  test('a pass that fits between two samples is found', () => {
    const [pass] = passesOf([{ nearestS: 632.5 }], 1400, flatHorizon(85));
    const half = centralAngle(85) / RATE;
    expect(half).toBeLessThan(10);
    expect(pass!.rise.timeMs / 1e3).toBeCloseTo(632.5 - half, 3);
    expect(pass!.set.timeMs / 1e3).toBeCloseTo(632.5 + half, 3);
  });

  test('a site that moves along sees its satellite longer: ω less the speed of the site', () => {
    const siteRate = 0.00004; // 255 m/s
    const [pass] = passesOf([{ nearestS: 700.25, siteRate }], 1400, flatHorizon(10));
    const half = centralAngle(10) / (RATE - siteRate);
    expect(pass!.rise.timeMs / 1e3).toBeCloseTo(700.25 - half, 2);
    expect(pass!.set.timeMs / 1e3).toBeCloseTo(700.25 + half, 2);
    expect(pass!.culmination.timeMs / 1e3).toBeCloseTo(700.25, 2);
  });

  test('a horizon by azimuth: rise in the west by its elevation, set in the east by its own', () => {
    const towards = (azimuthDeg: number): number => (azimuthDeg < 180 ? 40 : 10);
    const [pass, ...more] = passesOf([{ nearestS: 700.25 }], 1400, { lowestDeg: 10, towards });
    expect(more).toEqual([]);
    expect(pass!.rise.timeMs / 1e3).toBeCloseTo(700.25 - centralAngle(10) / RATE, 3);
    expect(pass!.set.timeMs / 1e3).toBeCloseTo(700.25 + centralAngle(40) / RATE, 3);
  });

  test('an obstacle in the way makes two passes of one', () => {
    const towards = (azimuthDeg: number): number => (azimuthDeg > 330 || azimuthDeg < 30 ? 90 : 10);
    const passes = passesOf([{ nearestS: 700.25, offset: 8 * RAD }], 1400, { lowestDeg: 10, towards });
    expect(passes).toHaveLength(2);
    // tan(azimuth) = tan(ωt) / sin β at the obstacle's edge.
    const edge = Math.atan(Math.tan(30 * RAD) * Math.sin(8 * RAD)) / RATE;
    expect(passes[0]!.set.timeMs / 1e3).toBeCloseTo(700.25 - edge, 2);
    expect(passes[1]!.rise.timeMs / 1e3).toBeCloseTo(700.25 + edge, 2);
    expect(passes[0]!.culmination.timeMs).toBe(passes[0]!.set.timeMs);
  });

  test('what is under way at the start or the end is cut there', () => {
    const passes = passesOf([{ nearestS: 10 }, { nearestS: 590 }, { nearestS: 5000 }], 600, flatHorizon(10));
    expect(passes.map(({ satellite, cutAtStart, cutAtEnd }) => [satellite, cutAtStart, cutAtEnd])).toEqual([
      ['S-0', true, false],
      ['S-1', false, true],
    ]);
    expect(passes[0]!.rise.timeMs).toBe(0);
    expect(passes[1]!.set.timeMs).toBe(600_000);
    const [whole] = passesOf([{ nearestS: 50 }], 90, flatHorizon(10));
    expect(whole).toMatchObject({
      cutAtStart: true,
      cutAtEnd: true,
      rise: { timeMs: 0 },
      set: { timeMs: 90_000 },
      culmination: { timeMs: expect.closeTo(50_000, -2) },
    });
  });

  test('a satellite that loses its position ends its pass there', () => {
    const finder = new PassFinder(['S'], flatHorizon(10));
    for (const t of [600, 660, 720, 780]) {
      const { satellite, site } = states(t, { nearestS: 700 });
      const gone = t > 700;
      const nodes = [gone ? [[NaN, NaN, NaN], [NaN, NaN, NaN]] : satellite, site] as State[]; // prettier-ignore
      finder.add({ timeMs: t * 1e3, positionM: nodes.flatMap(([p]) => p), velocityMPerS: nodes.flatMap(([, v]) => v), failures: [] }, 780_000);
    }
    expect(finder.end()).toMatchObject([{ cutAtStart: true, cutAtEnd: false, set: { timeMs: 660_000 } }]);
  });
});
