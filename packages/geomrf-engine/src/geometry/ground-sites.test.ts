import type { TrackPoint } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { ecfToLookAngles } from 'satellite.js';
import { describe, expect, it } from 'vitest';
import { GroundSites } from './sites.js';
import type { GroundPlace } from './sites.js';

const place = (waypoints: readonly TrackPoint[], extra: Partial<GroundPlace> = {}): GroundPlace => ({
  waypoints,
  minElevationDeg: 0,
  horizon: [],
  ...extra,
});
const fixed = (latDeg: number, lonDeg: number, altM = 0, extra: Partial<GroundPlace> = {}): GroundPlace => place([{ atMs: 0, latDeg, lonDeg, altM }], extra);
const positionOf = (sites: GroundSites, site = 0): [number, number, number] => [sites.x[site], sites.y[site], sites.z[site]];
const distance = (p: readonly number[], q: readonly number[]): number => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
const elevationDeg = (sites: GroundSites, x: number, y: number, z: number): number => (Math.asin(sites.sinElevation(0, x, y, z)) * 180) / Math.PI;

const latitude = fc.double({ min: -89.9, max: 89.9, noNaN: true });
const longitude = fc.double({ min: -180, max: 360, noNaN: true });
const altitude = fc.double({ min: -500, max: 12_000, noNaN: true });
const geodetic = fc.record({ latDeg: latitude, lonDeg: longitude, altM: altitude });

describe('look angles', () => {
  it('of the zenith are 90° wherever the site is: latitudes are degrees', () => {
    const sites = new GroundSites([fixed(45, -120)]);
    expect(Math.hypot(...positionOf(sites))).toBeCloseTo(6367.49, 2);
    expect(Math.asin(sites.uz[0]) * (180 / Math.PI)).toBeCloseTo(45, 12);
    const [x, y, z] = positionOf(sites).map((each, axis) => each + 500 * [sites.ux[0], sites.uy[0], sites.uz[0]][axis]);
    expect(elevationDeg(sites, x, y, z)).toBeCloseTo(90, 5);
  });

  it("are satellite.js's: range to 1 mm, elevation and azimuth to a millionth of a degree, anywhere", () => {
    const direction = fc.double({ min: -40_000, max: 40_000, noNaN: true });
    fc.assert(
      fc.property(geodetic, direction, direction, direction, ({ latDeg, lonDeg, altM }, x, y, z) => {
        fc.pre(Math.hypot(x, y, z) > 6600);
        const sites = new GroundSites([fixed(latDeg, lonDeg, altM)]);
        const observer = { latitude: (latDeg * Math.PI) / 180, longitude: (lonDeg * Math.PI) / 180, height: altM / 1000 };
        const expected = ecfToLookAngles(observer, { x, y, z });
        expect(Math.abs(distance(positionOf(sites), [x, y, z]) - expected.rangeSat)).toBeLessThan(1e-6);
        expect(Math.abs(elevationDeg(sites, x, y, z) - (expected.elevation * 180) / Math.PI)).toBeLessThan(1e-6);
        fc.pre(Math.abs(expected.elevation) < 1.5);
        const turn = sites.azimuthDeg(0, x, y, z) - (expected.azimuth * 180) / Math.PI;
        expect(Math.abs(Math.sin((turn * Math.PI) / 360))).toBeLessThan(1e-8);
      }),
    );
  });

  it('have east, north and up at right angles to each other, also at the poles and under way', () => {
    fc.assert(
      fc.property(fc.oneof(geodetic, fc.constantFrom(...[-90, 90].map((latDeg) => ({ latDeg, lonDeg: 33, altM: 0 })))), geodetic, (from, to) => {
        const sites = new GroundSites([
          place([
            { ...from, atMs: 0 },
            { ...to, atMs: 1000 },
          ]),
        ]);
        for (const ms of [0, 370, 1000]) {
          sites.moveTo(ms);
          const up = [sites.ux[0], sites.uy[0], sites.uz[0]];
          const east = [sites.eastX[0], sites.eastY[0], 0];
          const north = [sites.northX[0], sites.northY[0], sites.northZ[0]];
          const dot = (p: number[], q: number[]): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
          for (const each of [up, east, north]) expect(dot(each, each)).toBeCloseTo(1, 12);
          for (const [p, q] of [
            [up, east],
            [up, north],
            [east, north],
          ])
            expect(Math.abs(dot(p, q))).toBeLessThan(1e-12);
          expect(north[2]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('a moving terminal', () => {
  const crossing = [
    { atMs: 10_000, latDeg: 40.6, lonDeg: -74, altM: 0 },
    { atMs: 3_610_000, latDeg: 43, lonDeg: -50, altM: 9000 },
    { atMs: 7_210_000, latDeg: 51, lonDeg: -5, altM: 100 },
  ];

  it('stands at the first waypoint before its time, at the last one after it, and passes each in time', () => {
    const sites = new GroundSites([place(crossing)]);
    const at = (ms: number): [number, number, number] => {
      sites.moveTo(ms);
      return positionOf(sites);
    };
    for (const { atMs, latDeg, lonDeg, altM } of crossing) {
      const there = positionOf(new GroundSites([fixed(latDeg, lonDeg, altM)]));
      expect(distance(at(atMs), there)).toBeLessThan(1e-9);
      expect(distance(at(atMs - 1e-3), there)).toBeLessThan(1e-6);
    }
    expect(at(0)).toEqual(at(10_000));
    expect(at(1e12)).toEqual(at(7_210_000));
  });

  it('keeps to the great circle and its speed, to 1 % on the ellipsoid; height is linear', () => {
    fc.assert(
      fc.property(geodetic, geodetic, (from, to) => {
        const [p, q] = [from, to].map((each) => new GroundSites([fixed(each.latDeg, each.lonDeg)]));
        const normals = [p, q].map((each) => [each.ux[0], each.uy[0], each.uz[0]]);
        const angle = Math.acos(
          Math.min(
            1,
            Math.max(
              -1,
              normals[0].reduce((sum, each, i) => sum + each * normals[1][i], 0),
            ),
          ),
        );
        fc.pre(angle > 0.01 && angle < 3.1);
        const level = (altM: number) =>
          place([
            { ...from, altM, atMs: 0 },
            { ...to, altM, atMs: 1_000_000 },
          ]);
        const sites = new GroundSites([level(0), level(10_000)]);
        let before: [number, number, number] | null = null;
        for (let ms = 0; ms <= 1_000_000; ms += 50_000) {
          sites.moveTo(ms);
          // In the plane of both normals, at the share of the angle that is the share of the time.
          const up = [sites.ux[0], sites.uy[0], sites.uz[0]];
          const passed = Math.acos(
            Math.min(
              1,
              up.reduce((sum, each, i) => sum + each * normals[0][i], 0),
            ),
          );
          expect(passed).toBeCloseTo((angle * ms) / 1_000_000, 6);
          expect(distance(positionOf(sites, 0), positionOf(sites, 1))).toBeCloseTo(10, 9);
          if (before !== null) {
            const speed = distance(positionOf(sites), before) / 50;
            expect(Math.abs(speed / ((6367.4 * angle) / 1000) - 1)).toBeLessThan(0.011);
            expect(speed).toBeLessThanOrEqual(sites.maxSpeedKmS[0]);
          }
          before = positionOf(sites);
        }
      }),
    );
  });

  it('has a velocity that is the change of its position, and no more than the bound', () => {
    fc.assert(
      fc.property(geodetic, geodetic, fc.integer({ min: 1_000, max: 3_599_000 }), (from, to, ms) => {
        const [p, q] = [from, to].map(({ latDeg, lonDeg }) => positionOf(new GroundSites([fixed(latDeg, lonDeg)])));
        fc.pre(distance(p, q) < 12_700);
        const sites = new GroundSites([
          place([
            { ...from, atMs: 0 },
            { ...to, atMs: 3_600_000 },
          ]),
        ]);
        const velocity = new Float64Array(3);
        sites.velocityOf(0, ms, velocity);
        sites.moveTo(ms - 500);
        const before = positionOf(sites);
        sites.moveTo(ms + 500);
        const after = positionOf(sites);
        for (let axis = 0; axis < 3; axis++) expect(Math.abs(after[axis] - before[axis] - velocity[axis])).toBeLessThan(1e-6);
        expect(Math.hypot(...velocity)).toBeLessThanOrEqual(sites.maxSpeedKmS[0] * (1 + 1e-12));
      }),
    );
  });

  it('has at a waypoint the velocity of the way that begins there, and none before and after', () => {
    const sites = new GroundSites([place(crossing)]);
    const speedAt = (ms: number): number => {
      const velocity = new Float64Array(3);
      sites.velocityOf(0, ms, velocity);
      return Math.hypot(...velocity);
    };
    expect([9_999.999, 7_210_000].map(speedAt)).toEqual([0, 0]);
    expect(speedAt(3_610_000)).toBeCloseTo(speedAt(3_610_001), 7);
    expect(speedAt(3_610_000)).toBeGreaterThan(speedAt(3_609_999) + 0.1);
    expect(speedAt(10_000)).toBeGreaterThan(0.5);
  });

  it('is at the same bits at the same instant, whatever was asked before; those that stand never move', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000_000, max: 9_000_000 }), { minLength: 1 }), (instants) => {
        const [used, fresh] = [new GroundSites([place(crossing), fixed(1, 2)]), new GroundSites([place(crossing), fixed(1, 2)])];
        const still = positionOf(used, 1);
        for (const ms of instants) used.moveTo(ms);
        fresh.moveTo(instants.at(-1)!);
        expect([positionOf(used), positionOf(used, 1)]).toEqual([positionOf(fresh), still]);
        expect([[...used.moving], used.maxSpeedKmS[1]]).toEqual([[0], 0]);
      }),
    );
  });

  it('that rests for a while between two waypoints does not move', () => {
    const sites = new GroundSites([place([0, 1000].map((atMs) => ({ atMs, latDeg: 10, lonDeg: 20, altM: 30 })))]);
    sites.moveTo(500);
    expect(distance(positionOf(sites), positionOf(new GroundSites([fixed(10, 20, 30)])))).toBeLessThan(1e-9);
    expect(sites.maxSpeedKmS[0]).toBe(0);
  });
});

describe('the elevation mask', () => {
  /** ECEF of what stands at an azimuth and elevation, 1000 km away from the first site. */
  function towards(sites: GroundSites, azimuthDeg: number, elevation: number): [number, number, number] {
    const [a, e] = [(azimuthDeg * Math.PI) / 180, (elevation * Math.PI) / 180];
    const [east, north, up] = [1000 * Math.cos(e) * Math.sin(a), 1000 * Math.cos(e) * Math.cos(a), 1000 * Math.sin(e)];
    return [
      sites.x[0] + east * sites.eastX[0] + north * sites.northX[0] + up * sites.ux[0],
      sites.y[0] + east * sites.eastY[0] + north * sites.northY[0] + up * sites.uy[0],
      sites.z[0] + north * sites.northZ[0] + up * sites.uz[0],
    ];
  }
  const sees = (sites: GroundSites, azimuthDeg: number, elevation: number): boolean => {
    const [x, y, z] = towards(sites, azimuthDeg, elevation);
    return sites.aboveMask(0, sites.sinElevation(0, x, y, z), x, y, z);
  };

  it('is linear between its points and across north, and the highest of mask, node and policy holds', () => {
    const horizon = [
      { azimuthDeg: 10, minElevationDeg: 20 },
      { azimuthDeg: 90, minElevationDeg: 60 },
      { azimuthDeg: 350, minElevationDeg: 40 },
    ];
    const sites = new GroundSites([fixed(47, 8, 400, { horizon, minElevationDeg: 25 })]);
    const expected: [number, number][] = [
      [90, 60],
      [50, 40],
      [220, 50],
      [350, 40],
      [355, 35],
      [0, 30],
      [5, 25],
      [10, 25],
      [15, 25],
      [25, 27.5],
    ];
    for (const [azimuth, least] of expected)
      expect([azimuth, sees(sites, azimuth, least - 1e-6), sees(sites, azimuth, least + 1e-6)]).toEqual([azimuth, false, true]);
    expect(sites.sinMinMask[0]).toBeCloseTo(Math.sin((25 * Math.PI) / 180), 15);
    expect(sites.hasAzimuthMask[0]).toBe(1);
  });

  it('is the same as another one with a point more where the line goes anyway, and never below the least', () => {
    const points = fc
      .uniqueArray(fc.record({ azimuthDeg: fc.integer({ min: 0, max: 359 }), minElevationDeg: fc.integer({ min: 0, max: 80 }) }), {
        minLength: 1,
        maxLength: 8,
        selector: (each) => each.azimuthDeg,
      })
      .map((list) => list.toSorted((p, q) => p.azimuthDeg - q.azimuthDeg));
    fc.assert(
      fc.property(points, fc.double({ min: 0, max: 360, noNaN: true }), fc.double({ min: 0, max: 90, noNaN: true }), (horizon, azimuth, elevation) => {
        // Unrolled over three turns, there is no north to cross.
        const unrolled = [-360, 0, 360].flatMap((turn) => horizon.map((each) => ({ ...each, azimuthDeg: each.azimuthDeg + turn })));
        const next = unrolled.findIndex((each) => each.azimuthDeg > azimuth);
        const [p, q] = [unrolled[next - 1], unrolled[next]];
        const least = p.minElevationDeg + ((q.minElevationDeg - p.minElevationDeg) * (azimuth - p.azimuthDeg)) / (q.azimuthDeg - p.azimuthDeg);
        fc.pre(Math.abs(least - elevation) > 1e-6 && elevation < 89.9);
        const sites = new GroundSites([fixed(-30, 100, 0, { horizon })]);
        expect(sees(sites, azimuth, elevation)).toBe(elevation > least);
        expect(Math.sin((elevation * Math.PI) / 180) < sites.sinMinMask[0] && sees(sites, azimuth, elevation)).toBe(false);
      }),
    );
  });

  it('of one angle needs no azimuth, nor has a satellite without a place one', () => {
    const sites = new GroundSites([fixed(0, 0, 0, { minElevationDeg: 10 }), fixed(0, 0, 0, { horizon: [{ azimuthDeg: 5, minElevationDeg: 30 }] })]);
    expect([...sites.hasAzimuthMask]).toEqual([0, 0]);
    expect(sites.sinMinMask[1]).toBeCloseTo(0.5, 15);
    expect(sites.aboveMask(0, Number.NaN, Number.NaN, Number.NaN, Number.NaN)).toBe(false);
  });
});
