import { create } from '@bufbuild/protobuf';
import { ScenarioSpecSchema } from '@satsim/geomrf-proto';
import { expect, test } from 'vitest';
import { horizonOf } from './horizon.js';

const horizon = (policy: number, node: object) => {
  const spec = create(ScenarioSpecSchema, { gsl: { minElevationDeg: policy }, nodes: [node] });
  return horizonOf(spec, spec.nodes[0]!);
};
const POINTS = [
  { azimuthDeg: 90, minElevationDeg: 30 },
  { azimuthDeg: 180, minElevationDeg: 0 },
  { azimuthDeg: 350, minElevationDeg: 20 },
];

test('without a mask: the higher of the policy and the node', () => {
  expect(horizon(10, {})).toEqual({ lowestDeg: 10, towards: null });
  expect(horizon(10, { minElevationDeg: 25 })).toEqual({ lowestDeg: 25, towards: null });
  expect(horizon(10, { minElevationDeg: 5 })).toEqual({ lowestDeg: 10, towards: null });
});

test('a mask is linear between its points and across north, and never below the others', () => {
  const { lowestDeg, towards } = horizon(5, { elevationMask: POINTS });
  expect(lowestDeg).toBe(5);
  expect([90, 135, 180, 265, 350].map((azimuth) => towards!(azimuth))).toEqual([30, 15, 5, 10, 20]);
  // 350° to 90° by way of north: 100 degrees for 10.
  expect(towards!(0)).toBeCloseTo(21, 12);
  expect(towards!(360)).toBeCloseTo(21, 12);
  expect(towards!(40)).toBeCloseTo(25, 12);
});

test('a mask of one point is the same all around', () => {
  const { towards } = horizon(0, { elevationMask: [{ azimuthDeg: 200, minElevationDeg: 12 }] });
  for (const azimuth of [0, 199, 200, 201, 360]) expect(towards!(azimuth)).toBe(12);
});
