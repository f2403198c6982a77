import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MeanOrbit } from '../orbit/propagator.js';
import { inferShells } from './planes.js';

const orbit = (raanDeg: number, argLatitudeDeg = 0): MeanOrbit => ({ inclinationDeg: 97.5, meanMotionRevPerDay: 15.2, raanDeg, argLatitudeDeg });
const spanOf = (nodes: readonly number[]): number => {
  const sorted = nodes.toSorted((a, b) => a - b);
  const gaps = sorted.map((node, i) => (i + 1 < sorted.length ? sorted[i + 1] : sorted[0] + 360) - node);
  return 360 - Math.max(...gaps);
};

it('planes are cut at their widest gaps where they span more than 5°: a catalogue of everything is not one plane', () => {
  // Three planes whose satellites scatter so far that no gap of 1.5° is left between them.
  const nodes = [10, 10.4, 10.9, 11.5, 12.9, 13.2, 13.6, 14.1, 15.4, 15.9, 16.3];
  const [shell] = inferShells(nodes.map((node) => orbit(node)));
  expect(shell.map(({ satellites }) => satellites.map((i) => nodes[i]))).toEqual([
    [10, 10.4, 10.9, 11.5],
    [12.9, 13.2, 13.6, 14.1, 15.4, 15.9, 16.3],
  ]);
});

it('whatever the nodes, every satellite is in one plane, none spans more than 5°, and a constellation keeps its own', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 35_999 }), { minLength: 1, maxLength: 400 }), (hundredths) => {
      const nodes = hundredths.map((each) => each / 100);
      const [shell] = inferShells(nodes.map((node) => orbit(node)));
      expect(shell.flatMap(({ satellites }) => satellites).toSorted((a, b) => a - b)).toEqual(Array.from(nodes.keys()));
      for (const { satellites } of shell) expect(spanOf(satellites.map((i) => nodes[i]))).toBeLessThanOrEqual(5.000001);
    }),
  );
  const planes = Array.from({ length: 72 }, (_, p) => Array.from({ length: 22 }, (__, i) => orbit((5 * p + 358 + (i % 5) / 5) % 360, (360 / 22) * i)));
  expect(inferShells(planes.flat())[0].map(({ satellites }) => satellites.length)).toEqual(Array.from({ length: 72 }, () => 22));
  const catalogue = Array.from({ length: 20_000 }, (_, i) => orbit((i * 360) / 20_000));
  expect(inferShells(catalogue)[0].length).toBeGreaterThanOrEqual(72);
});
