import { describe, expect, it } from 'vitest';
import type { Ecef } from './geodetic.js';
import { lineGeometry } from './line-geometry.js';
import type { Position } from './position.js';

const R = 7_158_000;
/** On a sphere: near enough for directions. */
const at = (lonDeg: number, latDeg: number, radius = R): Ecef => {
  const [lon, lat] = [(lonDeg * Math.PI) / 180, (latDeg * Math.PI) / 180];
  return [radius * Math.cos(lat) * Math.cos(lon), lonDeg === 180 ? 0 : radius * Math.cos(lat) * Math.sin(lon), radius * Math.sin(lat)];
};
const parts = (from: Ecef, to: Ecef): readonly (readonly Position[])[] => {
  const geometry = lineGeometry(from, to);
  return geometry.type === 'LineString' ? [geometry.coordinates] : geometry.coordinates;
};

/** What RFC 7946 wants of every line. */
function expectSound(lines: readonly (readonly Position[])[]): void {
  for (const line of lines) {
    expect(line.length).toBeGreaterThanOrEqual(2);
    for (const [lon, lat] of line) {
      expect(Math.abs(lon)).toBeLessThanOrEqual(180);
      expect(Math.abs(lat)).toBeLessThanOrEqual(90);
    }
    const sides = new Set(line.map(([lon]) => Math.sign(lon)));
    const touches = line.some(([lon]) => Math.abs(lon) === 180);
    if (touches) expect(sides.size, `${JSON.stringify(line)} changes sides`).toBe(1);
  }
}

/** Lehmer's generator: the same numbers every time. */
function fractions(): () => number {
  let state = 1;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('a link on the map', () => {
  it('is straight in space: its middle is lower than its ends, and it follows the bend on the map', () => {
    const [line] = parts(at(0, 60), at(40, 60));
    expect(line!.length).toBe(5);
    const [lon, lat, alt] = line![2]!;
    expect(lon).toBeCloseTo(20, 5);
    expect(lat).toBeGreaterThan(61);
    expect(alt).toBeLessThan(line![0]![2] - 60_000);
  });

  it('begins and ends at its nodes', () => {
    const [line] = parts([6_378_137, 0, 0], [0, 6_378_137, 0]);
    expect(line![0]).toEqual([0, 0, 0]);
    expect(line!.at(-1)).toEqual([90, 0, 0]);
  });

  it.each([
    ['eastward', 170, -175],
    ['westward', -165, 178],
  ])('%s across the antimeridian: two parts that meet there', (_, from, to) => {
    const lines = parts(at(from, 10), at(to, -10));
    expect(lines).toHaveLength(2);
    expectSound(lines);
    const [end, begin] = [lines[0]!.at(-1)!, lines[1]![0]!];
    expect(end[0]).toBe(Math.sign(from) * 180);
    expect(begin[0]).toBe(-end[0]);
    expect(begin.slice(1)).toEqual(end.slice(1));
    expect(lines[0]![0]![0]).toBeCloseTo(from, 5);
    expect(lines[1]!.at(-1)![0]).toBeCloseTo(to, 5);
  });

  it('across Greenwich: one part', () => {
    expect(lineGeometry(at(-10, 0), at(10, 0)).type).toBe('LineString');
  });

  it('over the pole: in parts only when it passes on the side of the antimeridian', () => {
    const far = parts(at(100, 85), at(-110, 85));
    expect(far).toHaveLength(2);
    expectSound(far);
    const near = parts(at(80, 85), at(-70, 85));
    expect(near).toHaveLength(1);
    expect(near[0]!.every(([lon]) => Math.abs(lon) < 90)).toBe(true);
  });

  it.each([-170, 170])('an end on the antimeridian is on the side of the other end (%d°)', (lon) => {
    for (const line of [parts(at(180, 0), at(lon, 0)), parts(at(lon, 0), at(180, 0))]) {
      expect(line).toHaveLength(1);
      expectSound(line);
      expect(line[0]!.some((position) => position[0] === Math.sign(lon) * 180)).toBe(true);
    }
  });

  it('whatever the ends: two parts exactly when a walk along the line jumps from one side of the map to the other', () => {
    const random = fractions();
    let crossings = 0;
    for (let i = 0; i < 300; i++) {
      const [from, to] = [at(360 * random() - 180, 180 * random() - 90), at(360 * random() - 180, 180 * random() - 90)];
      const lines = parts(from, to);
      expectSound(lines);
      const steps = Array.from({ length: 5_001 }, (_, k) => from.map((value, axis) => value + ((to[axis]! - value) * k) / 5_000));
      const jumps = steps.some(([x, y], k) => k > 0 && steps[k - 1]![1]! * y! < 0 && x! < 0);
      expect(lines.length === 2).toBe(jumps);
      if (jumps) crossings++;
    }
    expect(crossings).toBeGreaterThan(50);
  });

  it('a terrestrial one stays on the ground', () => {
    const [from, to] = [at(10, 0, 6_378_137), at(30, 0, 6_378_137)];
    const heights = (onGround: boolean) => (lineGeometry(from, to, { onGround }).coordinates as readonly Position[]).map(([, , alt]) => alt);
    expect(Math.min(...heights(false))).toBeLessThan(-90_000);
    expect(Math.min(...heights(true))).toBeCloseTo(0, 1);
  });
});
