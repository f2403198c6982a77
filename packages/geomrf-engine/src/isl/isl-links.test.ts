import { create } from '@bufbuild/protobuf';
import { IslPolicySchema } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIGHT_KM_PER_S, LineOfSight } from '../geometry/line-of-sight.js';
import { EcefPositions } from '../orbit/ecef-positions.js';
import { orbitBounds } from '../orbit/orbit-bounds.js';
import { LinkBudgets } from '../rf/link-budget.js';
import { compileScenario } from '../scenario/compiled.js';
import { FoldedLinks } from '../testing/folded-links.test-helper.js';
import { ALL_LINKS, START_MS, shell, specOf } from '../testing/specs.test-helper.js';
import { UsablePairs } from './usable-pairs.js';

describe('usable pairs', () => {
  const compiled = compileScenario(
    specOf([...shell({ planes: 4, perPlane: 6 }), ...shell({ name: 'H', planes: 2, perPlane: 4, altitudeKm: 8000, inclinationDeg: 90 })]),
  );
  const positions = new EcefPositions(compiled.propagator, orbitBounds(compiled.propagator, compiled.startMs, compiled.endMs));

  it('are within the range, in sight of each other and, in different planes, on this side of the cut-off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 86_000 }),
        fc.constantFrom(0, 2e6, 8e6),
        fc.constantFrom(0, 80_000, 500_000),
        fc.option(fc.integer({ min: 0, max: 90 }), { nil: undefined }),
        (second, maxRangeM, minAltitudeM, polarCutoffLatDeg) => {
          const policy = create(IslPolicySchema, { maxRangeM, minAltitudeM, ...(polarCutoffLatDeg !== undefined && { polarCutoffLatDeg }) });
          const { planeOf } = compiled.isls;
          const usable = new UsablePairs(policy, planeOf);
          const sight = new LineOfSight(minAltitudeM / 1000);
          positions.moveTo(START_MS + 1000 * second);
          usable.moveTo(positions);
          const { x, y, z } = positions;
          const beyond = (i: number): boolean => Math.asin(Math.abs(z[i]) / Math.hypot(x[i], y[i], z[i])) > ((polarCutoffLatDeg ?? 91) * Math.PI) / 180;
          for (let a = 0; a < x.length; a++) {
            for (let b = a + 1; b < x.length; b++) {
              const range = Math.hypot(x[a] - x[b], y[a] - y[b], z[a] - z[b]);
              const expected =
                (maxRangeM === 0 || range <= maxRangeM / 1000) &&
                sight.clear(x[a], y[a], z[a], x[b], y[b], z[b]) &&
                (planeOf[a] === planeOf[b] || (!beyond(a) && !beyond(b)));
              expect(usable.has(a, b, range * range)).toBe(expected);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('links between satellites with a budget', () => {
  // 3 W and 30 cm at 26 GHz, about.
  const terminal = { eirpDbw: 42, gOverTDbPerK: 12, frequencyHz: 26e9, bandwidthHz: 400e6 };
  const scenario = (eirpDbw: number) =>
    compileScenario(
      specOf(shell({ planes: 12, perPlane: 12, phasing: 1 }), {
        isl: { pattern: 2, minAltitudeM: 80_000, processingDelayS: 0.001, terminal: { ...terminal, eirpDbw } },
        adaptation: { modcods: [], marginDb: 1, hysteresisDb: 1 },
      }),
    );

  it('have the MODCOD, capacity and loss of their range, in both directions the same', () => {
    const links = new FoldedLinks(scenario(terminal.eirpDbw), ALL_LINKS, { dtMs: 30_000 });
    const budgets = new LinkBudgets([create(IslPolicySchema, { terminal }).terminal]);
    const capacities = new Set<number>();
    for (let k = 0; k < 40; k++) {
      links.moveTo(START_MS + k * 30_000);
      for (const { type, source, target, ...link } of links.rows) {
        expect(link.snrDb).toBeCloseTo(budgets.snrDb(0, 0, link.rangeKm, Number.NaN), 12);
        expect(link.delayS).toBeCloseTo(link.rangeKm / LIGHT_KM_PER_S + 0.001, 15);
        const { steps } = links.network.adaptation;
        expect(link.capacityBps).toBeCloseTo(link.modcod < 0 ? 0 : (steps[link.modcod].spectralEfficiency * terminal.bandwidthHz) / 1.2, 3);
        const back = links.links.get(`${type} ${target} ${source}`)!;
        expect([back.up, back.delayS, back.capacityBps, back.lossRate, back.modcod]).toEqual([
          link.up,
          link.delayS,
          link.capacityBps,
          link.lossRate,
          link.modcod,
        ]);
        capacities.add(link.capacityBps);
      }
    }
    expect(capacities.size).toBeGreaterThan(3);
  });

  it('are down without a MODCOD', () => {
    const links = new FoldedLinks(scenario(33), ALL_LINKS);
    links.moveTo(START_MS);
    expect(new Set(links.rows.map(({ up }) => up))).toEqual(new Set([0, 1]));
    for (const { up, modcod, capacityBps, lossRate } of links.rows) if (modcod < 0) expect([up, capacityBps, lossRate]).toEqual([0, 0, 1]);
  });
});
