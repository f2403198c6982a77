import fc from 'fast-check';
import { expect, test } from 'vitest';
import { elevation, lonLat, Orbits } from './orbits.js';
import { Packer } from './packer.js';
import { unpack } from './unpack.js';

type Point = readonly [x: number, y: number, z: number];
const EARTH_TURNS = 7.292115e-5;

/** A circular orbit of 550 km over the turning Earth, at some inclination and node. */
function orbit(inclination: number, node: number): (timeS: number) => Point {
  const [radius, rate] = [6928, (2 * Math.PI) / 5739];
  return (timeS) => {
    const u = rate * timeS;
    const [x, y, z] = [radius * Math.cos(u), radius * Math.sin(u) * Math.cos(inclination), radius * Math.sin(u) * Math.sin(inclination)];
    const turn = node - EARTH_TURNS * timeS;
    return [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn), z];
  };
}

function orbits(paths: readonly ((timeS: number) => Point)[], stepS: number, count: number, nodes = paths.length): Orbits {
  const packer = new Packer();
  const axis = (which: 0 | 1 | 2) =>
    packer.column(
      paths.flatMap((path) => Array.from({ length: count }, (_, k) => path(k * stepS)[which])),
      4,
    );
  const data = { stepMs: 1000 * stepS, count, x: axis(0), y: axis(1), z: axis(2) };
  return new Orbits(data, nodes, (column) => unpack(packer.bytes(), column));
}

test('between instants a minute apart a satellite is where it is to 0.2 km, in the first and the last minute to 0.5 km', () => {
  const angle = fc.double({ min: 0, max: 3, noNaN: true });
  fc.assert(
    fc.property(angle, angle, fc.double({ min: 0, max: 600, noNaN: true }), (inclination, node, timeS) => {
      const path = orbit(inclination, node);
      const [x, y, z] = orbits([() => [0, 0, 0], path], 60, 11).of(1, timeS);
      const [truly, there, is] = path(timeS);
      const inside = timeS >= 60 && timeS <= 540;
      expect(Math.hypot(x - truly, y - there, z - is)).toBeLessThan(inside ? 0.2 : 0.5);
    }),
  );
});

test('all nodes at once are the same as one by one; a node that was met later has no position; beyond the end it stays', () => {
  const some = orbits([orbit(0.9, 0), orbit(0.9, 1)], 30, 4, 3);
  const all = new Float64Array(9);
  some.at(47, all);
  expect([...all]).toEqual([...some.of(0, 47), ...some.of(1, 47), Number.NaN, Number.NaN, Number.NaN]);
  expect(some.of(0, 1000)).toEqual(some.of(0, 90));
});

test('one or two instants are enough', () => {
  expect(orbits([() => [1, 2, 3]], 10, 1).of(0, 5)).toEqual([1, 2, 3]);
  expect(orbits([(timeS) => [timeS, 0, 0]], 10, 2).of(0, 5)).toEqual([5, 0, 0]);
});

test('longitude, latitude and elevation', () => {
  expect(lonLat(0, -7000, 0)).toEqual([-90, 0]);
  expect(lonLat(0, 0, -7000)[1]).toBe(-90);
  const equator: Point = [6378.137, 0, 0];
  expect(elevation(equator, [7000, 0, 0])).toBeCloseTo(90, 6);
  expect(elevation(equator, [6378.137, 0, 500])).toBeCloseTo(0, 6);
  // 45° of geodetic latitude: up is not away from the centre.
  const [flat, high] = [4517.59088, 4487.3484];
  expect(elevation([flat, 0, high], [flat + 500 * Math.SQRT1_2, 0, high + 500 * Math.SQRT1_2])).toBeCloseTo(90, 2);
});
