import { expect, test } from 'vitest';
import { siteFrame } from './site-frame.js';

const RAD = Math.PI / 180;

/** WGS-84 geodetic to ECEF with both semi-axes: N = a² / √(a² cos² + b² sin²). */
function ecef(latDeg: number, lonDeg: number, altM: number): [number, number, number] {
  const [a, b] = [6_378_137, 6_356_752.314245];
  const [lat, lon] = [latDeg * RAD, lonDeg * RAD];
  const n = a ** 2 / Math.hypot(a * Math.cos(lat), b * Math.sin(lat));
  return [(n + altM) * Math.cos(lat) * Math.cos(lon), (n + altM) * Math.cos(lat) * Math.sin(lon), ((b / a) ** 2 * n + altM) * Math.sin(lat)];
}

test.each([
  [0, 0, 0],
  [45, 10, 0],
  [-77.85, 166.67, 10],
  [59.91, -170, 11_000],
  [-33, 200, 100_000],
  [90, 0, 0],
  [-90, 0, 2835],
])('up at %f°, %f°, %i m is the normal of the ellipsoid', (latDeg, lonDeg, altM) => {
  const { east, north, up } = siteFrame(...ecef(latDeg, lonDeg, altM));
  const [lat, lon] = [latDeg * RAD, lonDeg * RAD];
  const near = (vector: readonly number[], expected: readonly number[]) => vector.forEach((value, axis) => expect(value).toBeCloseTo(expected[axis]!, 10));
  near(up, [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)]);
  near(east, [-Math.sin(lon), Math.cos(lon), 0]);
  near(north, [-Math.sin(lat) * Math.cos(lon), -Math.sin(lat) * Math.sin(lon), Math.cos(lat)]);
});
