import type { NodeSpec } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { FoldedLinks } from '../testing/folded-links.test-helper.js';
import { ALL_LINKS, START_MS, shell, specOf } from '../testing/specs.test-helper.js';

const withoutPlaces = (nodes: readonly NodeSpec[]): NodeSpec[] => nodes.map(({ shellPosition: _, ...node }) => node);
type Shape = Parameters<typeof shell>[0];
const compile = (shape: Shape, isl = {}) => compileScenario(specOf(shell(shape), { isl: { pattern: 2, minAltitudeM: 80_000, capacityBps: 1e10, ...isl } }));
const degrees = (pairs: readonly (readonly [number, number])[], size: number): number[] => {
  const count = new Array<number>(size).fill(0);
  for (const pair of pairs) for (const end of pair) count[end]++;
  return count;
};

describe('+Grid of a Walker shell', () => {
  it('gives every satellite of a delta shell four links, and no pair twice', () => {
    for (const phasing of [0, 1, 5, 17, 39, 71]) {
      const { isls } = compile({ planes: 72, perPlane: 22, phasing });
      expect(isls.pairs).toHaveLength(2 * 1584);
      expect(new Set(degrees(isls.pairs, 1584))).toEqual(new Set([4]));
    }
  });

  it('links the last plane to the first with the phase in mind: no link is longer than at the other planes, none goes through the Earth', () => {
    for (const phasing of [0, 1, 17, 36, 39, 71]) {
      const scenario = compile({ planes: 72, perPlane: 22, phasing });
      const model = new FoldedLinks(scenario, ALL_LINKS);
      model.moveTo(START_MS + 1_234_567);
      for (const { rangeKm, up } of model.rows) {
        expect(up).toBe(1);
        expect(rangeKm).toBeLessThan(2100);
      }
    }
  });

  it('has the closed form of a circular shell: chord of 360°/per plane in the plane, and of equal phase across planes', () => {
    const [planes, perPlane, inclination] = [24, 22, 53];
    const scenario = compile({ planes, perPlane, inclinationDeg: inclination });
    const radius = 6378.135 + 550;
    const model = new FoldedLinks(scenario, ALL_LINKS);
    model.moveTo(START_MS);
    const inPlane = 2 * radius * Math.sin(Math.PI / perPlane);
    // Same phase u, nodes 15° apart: distance² = 2r²(1 − cos Δ)(1 − sin²u sin²i), from the rotation about the pole.
    for (const { source: a, target: b, rangeKm } of model.rows) {
      if (scenario.isls.planeOf[a] === scenario.isls.planeOf[b]) expect(rangeKm / inPlane).toBeCloseTo(1, 2);
      else {
        const u = (2 * Math.PI * (a % perPlane)) / perPlane;
        const toAxis = radius * Math.sqrt(1 - (Math.sin(u) * Math.sin((inclination * Math.PI) / 180)) ** 2);
        expect(rangeKm / (2 * toAxis * Math.sin(Math.PI / planes))).toBeCloseTo(1, 1);
      }
    }
  });

  it('leaves the seam of a star open, unless told', () => {
    const star: Shape = { planes: 6, perPlane: 11, pattern: 'star', altitudeKm: 780, inclinationDeg: 86.4, phasing: 2 };
    expect(compile(star).isls.pairs).toHaveLength(66 + 55);
    expect(compile(star, { seam: true }).isls.pairs).toHaveLength(66 + 66);
    const scenario = compile(star);
    for (const [a, b] of scenario.isls.pairs) expect(Math.abs(scenario.isls.planeOf[a] - scenario.isls.planeOf[b])).toBeLessThanOrEqual(1);
  });

  it('takes shells of one or two planes or satellites as they are: no crash, no pair twice, none with itself', () => {
    const expected: Record<string, number> = { '1x1': 0, '1x2': 1, '2x1': 1, '2x2': 4, '1x3': 3, '3x1': 3, '2x3': 9 };
    for (const [size, count] of Object.entries(expected)) {
      const [planes, perPlane] = size.split('x').map(Number);
      for (const phasing of [0, 1].filter((each) => each < planes)) {
        const { isls } = compile({ planes, perPlane, phasing });
        const keys = isls.pairs.map(([a, b]) => `${a} ${b}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(isls.pairs.every(([a, b]) => a < b)).toBe(true);
        expect(Math.max(0, ...degrees(isls.pairs, planes * perPlane))).toBeLessThanOrEqual(4);
        if (phasing === 0) expect(isls.pairs.length, size).toBe(size === '2x2' ? 4 : size === '2x3' ? 9 : count);
      }
    }
  });

  it('is down between planes beyond the polar cut-off, and stays in the set', () => {
    const scenario = compile({ planes: 6, perPlane: 11, pattern: 'star', altitudeKm: 780, inclinationDeg: 86.4, phasing: 2 }, { polarCutoffLatDeg: 60 });
    const model = new FoldedLinks(scenario, ALL_LINKS);
    model.moveTo(START_MS);
    expect(model.network.size).toBe(2 * 121);
    const down = model.rows.filter(({ up }) => up === 0);
    expect(down.length).toBeGreaterThan(20);
    for (const { source, target } of down) expect(scenario.isls.planeOf[source]).not.toBe(scenario.isls.planeOf[target]);
  });
});

describe('+Grid of the same satellites without their places', () => {
  it('finds the planes: the same pairs, where the phase leaves no doubt', () => {
    for (const shape of [
      { planes: 24, perPlane: 22, phasing: 5 },
      { planes: 6, perPlane: 11, pattern: 'star' as const, altitudeKm: 780, inclinationDeg: 86.4, phasing: 2 },
    ]) {
      const nodes = shell(shape);
      const known = compileScenario(specOf(nodes)).isls;
      const inferred = compileScenario(specOf(withoutPlaces(nodes))).isls;
      expect(inferred.changing).toBeNull();
      expect(inferred.pairs).toEqual(known.pairs);
    }
  });

  it('does not mind epochs that differ', () => {
    const early = shell({ planes: 12, perPlane: 10 });
    const later = shell({ planes: 12, perPlane: 10 }).map((node, i) => {
      if (i % 2 === 1 && node.position.case === 'elements') {
        const { value } = node.position;
        // Half an hour before, 30 min of mean anomaly back: the same orbit but for 0.1° of node.
        value.meanAnomalyDeg = ((value.meanAnomalyDeg - (value.meanMotion * 360 * 1800) / 86_400) % 360) + 360;
        value.epoch!.seconds -= 1800n;
      }
      return node;
    });
    expect(compileScenario(specOf(withoutPlaces(later))).isls.pairs).toEqual(compileScenario(specOf(withoutPlaces(early))).isls.pairs);
  });
});

describe('nearest', () => {
  it('gives nobody more than k links, the shortest first, and the same twice', () => {
    // As many as there are others, at most: what is asked for sets no memory aside.
    const all = compile({ planes: 3, perPlane: 4 }, { pattern: 3, neighbors: 4_000_000_000 });
    expect(Array.from(all.isls.changing!.room)).toEqual(Array.from({ length: 12 }, () => 11));
    const scenario = compile({ planes: 20, perPlane: 20, phasing: 3 }, { pattern: 3, neighbors: 3, maxRangeM: 4_000_000 });
    const run = (): string[] => {
      const model = new FoldedLinks(scenario, ALL_LINKS);
      const found: string[] = [];
      for (let k = 0; k < 5; k++) {
        model.moveTo(START_MS + k * 60_000);
        const pairs = model.rows.filter(({ source, target }) => source < target).map(({ source, target }) => [source, target] as const);
        expect(Math.max(...degrees(pairs, 400))).toBe(3);
        expect(pairs.length).toBeGreaterThan(500);
        found.push(pairs.join(';'));
      }
      return found;
    };
    const first = run();
    expect(run()).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});
