import { create } from '@bufbuild/protobuf';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { IslPattern, LinkType, NodePairSchema, SelectionPolicy } from '@satsim/geomrf-proto';
import type { NodeSpec } from '@satsim/geomrf-proto';
import { describe, expect, it } from 'vitest';
import { compileScenario } from './scenario/compiled.js';
import { validateSpec } from './scenario/validate.js';
import { FoldedLinks } from './testing/folded-links.test-helper.js';
import { ALL_LINKS, START_MS, ground, shell, specOf } from './testing/specs.test-helper.js';

const SHAPES = [
  [1, 1],
  [1, 2],
  [1, 3],
  [2, 1],
  [2, 2],
  [3, 1],
  [6, 1],
  [6, 2],
] as const;
const PATTERNS = [IslPattern.ISL_NONE, IslPattern.PLUS_GRID, IslPattern.NEAREST, IslPattern.EXPLICIT];
const POLICIES = [
  SelectionPolicy.ALL_VISIBLE,
  SelectionPolicy.MAX_ELEVATION,
  SelectionPolicy.LONGEST_VISIBLE,
  SelectionPolicy.MAX_SNR,
  SelectionPolicy.LEAST_LOADED,
  SelectionPolicy.SCHEDULED,
];

/** Runs two hours in steps of 5 minutes. @returns links by type at each tick */
function run(nodes: NodeSpec[], pattern: IslPattern, selection: SelectionPolicy, extra: Parameters<typeof specOf>[1] = {}): { isl: number; ground: number }[] {
  const [first, second] = nodes;
  const pairs = pattern === IslPattern.EXPLICIT ? [create(NodePairSchema, { a: first.id, b: second.id })] : [];
  const spec = specOf(nodes, {
    isl: { pattern, neighbors: 2, pairs, capacityBps: 1e9, minAltitudeM: 80_000, polarCutoffLatDeg: 70, seam: true },
    gsl: { selection, minElevationDeg: 5, handoverOutageS: 1, hysteresisDeg: 1, gases: true },
    ...extra,
  });
  expect(validateSpec(spec).toString()).toBe('');
  const folded = new FoldedLinks(compileScenario(spec), ALL_LINKS, { dtMs: 300_000 });
  return Array.from({ length: 24 }, (_, k) => {
    folded.moveTo(START_MS + k * 300_000);
    for (const { delayS, capacityBps, lossRate, up } of folded.rows) {
      expect([delayS, capacityBps, lossRate, up].every(Number.isFinite)).toBe(true);
      if (up === 1) expect([delayS > 0, capacityBps > 0, lossRate < 1]).toEqual([true, true, true]);
    }
    const isl = folded.rows.filter(({ type }) => type === LinkType.ISL).length;
    return { isl, ground: folded.rows.length - isl };
  });
}

describe('small constellations', () => {
  it.each(SHAPES)('of %i × %i satellites run in every pattern and every policy', (planes, perPlane) => {
    const nodes = (): NodeSpec[] => [
      ...shell({ planes, perPlane, altitudeKm: 900, phasing: planes > 2 ? 1 : 0 }),
      ground('equator', 0, 0),
      ground('north', 50, 20, { maxLinks: 2 }),
    ];
    for (const pattern of PATTERNS) {
      // There is nothing to pair with one satellite.
      if (pattern === IslPattern.EXPLICIT && planes * perPlane === 1) continue;
      for (const selection of POLICIES) {
        const ticks = run(nodes(), pattern, selection);
        expect(ticks.some((each) => each.ground > 0)).toBe(true);
        const pairs = Math.max(...ticks.map(({ isl }) => isl)) / 2;
        if (pattern === IslPattern.ISL_NONE || planes * perPlane === 1) expect(pairs).toBe(0);
        if (pattern === IslPattern.EXPLICIT) expect(pairs).toBe(1);
        if (pattern === IslPattern.PLUS_GRID && planes * perPlane > 1) expect(pairs).toBeGreaterThan(0);
      }
    }
  });

  it('with nothing in sight, only satellites, only ground nodes, or everything down have no link that is up', () => {
    for (const selection of POLICIES) {
      for (const pattern of PATTERNS) {
        const equatorial = (): NodeSpec[] => shell({ planes: 1, perPlane: 2, inclinationDeg: 0 });
        expect(run([...equatorial(), ground('pole', 90, 0)], pattern, selection).every((each) => each.ground === 0)).toBe(true);
        expect(run(equatorial(), pattern, selection).every((each) => each.ground === 0)).toBe(true);
        if (pattern !== IslPattern.EXPLICIT)
          expect(run([ground('a', 0, 0), ground('b', 1, 1)], pattern, selection)).toEqual(new Array(24).fill({ isl: 0, ground: 0 }));
        const nodes = [...shell({ planes: 2, perPlane: 2, altitudeKm: 900 }), ground('g', 40, 0, { maxLinks: 0 })];
        const faults = nodes.map(({ id }) => ({ at: durationFromMs(0), what: { case: 'nodeId' as const, value: id } }));
        const folded = new FoldedLinks(
          compileScenario(specOf(nodes, { gsl: { selection }, isl: { pattern: IslPattern.PLUS_GRID, capacityBps: 1 }, faults })),
          ALL_LINKS,
        );
        for (let k = 0; k < 20; k++) {
          folded.moveTo(START_MS + k * 60_000);
          expect(folded.rows.filter(({ up }) => up === 1)).toEqual([]);
        }
      }
    }
  });
});
