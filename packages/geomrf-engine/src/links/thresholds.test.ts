import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../scenario/compiled.js';
import { FoldedLinks } from '../testing/folded-links.test-helper.js';
import type { FoldedLink } from '../testing/folded-links.test-helper.js';
import { ALL_LINKS, CITIES, START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import type { Thresholds } from './stream-options.js';

const DT_MS = 20_000;
const nodes = [...shell({ planes: 12, perPlane: 12, phasing: 1 }), ...CITIES.map(([id, lat, lon]) => ground(id, lat, lon))];
const networks = {
  budget: compileScenario(specOf(nodes, { gsl: { selection: 2, minElevationDeg: 10 } })),
  'fixed capacity': compileScenario(specOf(nodes, { gsl: { selection: 1, minElevationDeg: 10, fixedCapacityBps: 1e8 } })),
  'links that follow the distances': compileScenario(
    specOf(nodes, {
      isl: { pattern: 3, neighbors: 3, capacityBps: 1e9, minAltitudeM: 80_000 },
      gsl: { selection: 5, minElevationDeg: 10, fixedCapacityBps: 1e8, handoverOutageS: 30 },
      faults: [
        { at: { seconds: 60n }, for: { seconds: 300n }, what: { case: 'nodeId', value: 'W-1-1' } },
        { at: { seconds: 100n }, what: { case: 'nodeId', value: 'london' }, lossRate: 0.1, extraDelayS: 0.01 },
      ],
    }),
  ),
};

type Values = Pick<FoldedLink, 'up' | 'delayS' | 'capacityBps' | 'lossRate'>;

function within(p: Values, q: Values, { delayS, capacityBps, lossRate }: Thresholds): boolean {
  return (
    p.up === q.up &&
    Math.abs(p.delayS - q.delayS) <= delayS &&
    Math.abs(p.capacityBps - q.capacityBps) <= capacityBps &&
    Math.abs(p.lossRate - q.lossRate) <= lossRate
  );
}

describe('delta thresholds', () => {
  for (const [name, compiled] of Object.entries(networks)) {
    it(`${name}: deltas folded upon the snapshot are the full state within them, at every tick, and nothing is sent without need`, () => {
      fc.assert(
        fc.property(
          fc.record({
            delayS: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e-3, noNaN: true })),
            capacityBps: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 5e7, noNaN: true })),
            lossRate: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true })),
          }),
          fc.integer({ min: 0, max: 4000 }),
          fc.boolean(),
          (thresholds, first, details) => {
            const reader = new FoldedLinks(compiled, ALL_LINKS, { dtMs: DT_MS, thresholds, modcods: false, details, events: details });
            let truth!: FoldedLinks;
            for (let k = first; k < first + 25; k++) {
              const before = new Map([...reader.links].map(([key, link]) => [key, { ...link }]));
              reader.moveTo(START_MS + k * DT_MS);
              // The whole state of a tick is what a stream without thresholds has sent.
              truth ??= new FoldedLinks(compiled, ALL_LINKS, { dtMs: DT_MS });
              truth.moveTo(START_MS + k * DT_MS);
              expect([...reader.links.keys()].toSorted()).toEqual([...truth.links.keys()].toSorted());
              for (const [key, link] of truth.links) expect(within(reader.links.get(key)!, link, thresholds)).toBe(true);
              for (const key of reader.updated) {
                const known = before.get(key);
                if (known !== undefined && !reader.entered.includes(key)) expect(within(known, truth.links.get(key)!, thresholds)).toBe(false);
              }
            }
          },
        ),
        { numRuns: 12 },
      );
    });
  }

  it('above zero spare most of what is sent without', () => {
    const sent = [0, 2e-4].map((delayS) => {
      const reader = new FoldedLinks(networks.budget, ALL_LINKS, { dtMs: DT_MS, thresholds: { delayS, capacityBps: 1e9, lossRate: 1 }, modcods: false });
      let count = 0;
      for (let k = 0; k < 100; k++) {
        reader.moveTo(START_MS + k * DT_MS);
        count += reader.updated.length;
      }
      return count;
    });
    expect(sent[1]).toBeLessThan(sent[0] / 2);
  });
});
