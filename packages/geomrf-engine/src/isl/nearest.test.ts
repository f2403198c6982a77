import { create } from '@bufbuild/protobuf';
import { IslPolicySchema } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EcefPositions } from '../orbit/ecef-positions.js';
import { orbitBounds } from '../orbit/orbit-bounds.js';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, shell, specOf } from '../testing/specs.test-helper.js';
import { AscendingOrder } from './ascending-order.js';
import { NearestNeighbours } from './nearest.js';
import { PointCells } from './point-cells.js';
import { UsablePairs } from './usable-pairs.js';

const kilometres = fc.double({ min: -8000, max: 8000, noNaN: true });
const places = fc.array(fc.tuple(kilometres, kilometres, kilometres), { minLength: 1, maxLength: 60 });
const columnsOf = (points: readonly (readonly [number, number, number])[]) => [0, 1, 2].map((axis) => Float64Array.from(points, (each) => each[axis]));

describe('order by radix', () => {
  it('is that of a stable sort of the numbers in single precision', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0, 1, 1e-40)), { maxLength: 200 }), (values) => {
        const order = new AscendingOrder();
        order.keys(values.length).set(values);
        const expected = values.map((value, i) => ({ value: Math.fround(value), i })).toSorted((p, q) => p.value - q.value || p.i - q.i);
        expect([...order.sort(values.length)]).toEqual(expected.map(({ i }) => i));
      }),
    );
  });
});

describe('the nearest points by cells', () => {
  it('are those of a search through all; a point without a place takes no part', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 8 }), fc.nat(), (points, k, lost) => {
        const [x, y, z] = columnsOf(points);
        x[lost % points.length] = Number.NaN;
        const all = Int32Array.from(points.keys());
        const cells = new PointCells(all, k);
        cells.sort(x, y, z);
        const near = new Int32Array(k);
        for (const i of all) {
          const distance = (j: number): number => Math.hypot(x[i] - x[j], y[i] - y[j], z[i] - z[j]);
          const found = Array.from(near.subarray(0, cells.nearest(i, near, 0)), distance);
          const expected = [...all].filter((j) => j !== i && !Number.isNaN(distance(j))).map(distance);
          expect(found.length).toBe(Math.min(k, expected.length));
          expected.sort((p, q) => p - q);
          found.forEach((each, m) => expect(each).toBeCloseTo(expected[m], 6));
        }
      }),
    );
  });
});

describe('links to the nearest', () => {
  const compiled = compileScenario(specOf(shell({ planes: 10, perPlane: 10, phasing: 3 }), { isl: { pattern: 1 } }));
  const positions = new EcefPositions(compiled.propagator, orbitBounds(compiled.propagator, compiled.startMs, compiled.endMs));

  it('are those that taking pairs from the shortest up gives, among the 2k nearest of each; a tenth is the advantage of those that are there', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 86_000 }), fc.integer({ min: 15, max: 400 }), (k, second, step) => {
        const room = new Int32Array(100).fill(k);
        const nearest = new NearestNeighbours({ room, groupOf: new Int32Array(100).fill(-1) });
        const usable = new UsablePairs(create(IslPolicySchema, { maxRangeM: 5e6, minAltitudeM: 80_000 }), new Int32Array(100).fill(-1));
        let linked = new Set<string>();
        for (let tick = 0; tick < 3; tick++) {
          const timeMs = START_MS + 1000 * (second + tick * step);
          positions.moveTo(timeMs);
          usable.moveTo(positions);
          nearest.choose(timeMs, positions, usable);
          const { x, y, z } = positions;
          const range = (a: number, b: number): number => Math.hypot(x[a] - x[b], y[a] - y[b], z[a] - z[b]);
          const pairs = new Map<string, { a: number; b: number; weight: number }>();
          for (let i = 0; i < 100; i++) {
            const others = Array.from(x.keys()).filter((j) => j !== i);
            const near = others.toSorted((p, q) => range(i, p) - range(i, q)).slice(0, 2 * k);
            for (const j of [...near, ...others.filter((other) => linked.has([i, other].toSorted((p, q) => p - q).join()))]) {
              const [a, b] = [Math.min(i, j), Math.max(i, j)];
              if (usable.has(a, b, range(a, b) ** 2)) pairs.set(`${a},${b}`, { a, b, weight: range(a, b) * (linked.has(`${a},${b}`) ? 0.9 : 1) });
            }
          }
          const free = [...room];
          const chosen = [...pairs.values()]
            .toSorted((p, q) => p.weight - q.weight)
            .filter(({ a, b }) => {
              if (free[a] === 0 || free[b] === 0) return false;
              free[a]--;
              free[b]--;
              return true;
            })
            .toSorted((p, q) => p.a - q.a || p.b - q.b)
            .map(({ a, b }) => `${a},${b}`);
          linked = new Set(Array.from({ length: nearest.count }, (_, p) => `${nearest.a[p]},${nearest.b[p]}`));
          // Two ranges may be the same in single precision.
          expect(chosen.filter((each) => !linked.has(each)).length).toBeLessThanOrEqual(1);
          expect(linked.size).toBe(nearest.count);
          expect(nearest.count).toBeGreaterThan(10);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('stay the same from a second to the next, but for a few', () => {
    const nearest = new NearestNeighbours({ room: new Int32Array(100).fill(3), groupOf: new Int32Array(100).fill(-1) });
    const usable = new UsablePairs(create(IslPolicySchema, { minAltitudeM: 80_000 }), new Int32Array(100).fill(-1));
    const chosenAt = (second: number): string[] => {
      positions.moveTo(START_MS + 1000 * second);
      usable.moveTo(positions);
      nearest.choose(START_MS + 1000 * second, positions, usable);
      return Array.from({ length: nearest.count }, (_, p) => `${nearest.a[p]},${nearest.b[p]}`);
    };
    let changes = 0;
    let before = chosenAt(0);
    for (let second = 1; second <= 120; second++) {
      const now = chosenAt(second);
      changes += now.filter((each) => !before.includes(each)).length;
      before = now;
    }
    expect(changes).toBeGreaterThan(0);
    expect(changes).toBeLessThan(120);
  });
});
