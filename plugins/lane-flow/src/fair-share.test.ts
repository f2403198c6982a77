import { linkId, type LinkState } from '@satsim/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maxMinFair } from './fair-share.js';

const link = (name: string, capacityMbps: number): LinkState => ({
  linkId: linkId('isl', name, 'z'),
  source: name,
  target: 'z',
  kind: 'isl',
  up: true,
  oneWayDelayMs: 1,
  capacityMbps,
  lossPct: 0,
});
const greedy = (...links: LinkState[]) => ({ links, demandMbps: Number.POSITIVE_INFINITY });

describe('max-min fair share', () => {
  it('flows of one link share it equally', () => {
    const a = link('a', 90);
    expect(maxMinFair([greedy(a), greedy(a), greedy(a)]).map(({ rateMbps }) => rateMbps)).toEqual([30, 30, 30]);
  });

  it('what one flow does not need the others get', () => {
    const a = link('a', 100);
    expect(maxMinFair([{ links: [a], demandMbps: 10 }, greedy(a), greedy(a)])).toEqual([
      { rateMbps: 10, bottleneck: null },
      { rateMbps: 45, bottleneck: a.linkId },
      { rateMbps: 45, bottleneck: a.linkId },
    ]);
  });

  it('the textbook: a long flow over two links, a short one on each', () => {
    const [a, b] = [link('a', 10), link('b', 4)];
    expect(maxMinFair([greedy(a, b), greedy(a), greedy(b)])).toEqual([
      { rateMbps: 2, bottleneck: b.linkId },
      { rateMbps: 8, bottleneck: a.linkId },
      { rateMbps: 2, bottleneck: b.linkId },
    ]);
  });

  it('links that fill up at once: the first on the way is named; a demand that is just met has no bottleneck', () => {
    const [a, b] = [link('a', 5), link('b', 5)];
    expect(maxMinFair([greedy(b, a)])).toEqual([{ rateMbps: 5, bottleneck: b.linkId }]);
    expect(maxMinFair([{ links: [a], demandMbps: 5 }])).toEqual([{ rateMbps: 5, bottleneck: null }]);
  });

  it('a link without capacity gives nothing; no flows, no shares; NaN is refused', () => {
    expect(maxMinFair([greedy(link('a', 0))])).toEqual([{ rateMbps: 0, bottleneck: 'isl:a>z' }]);
    expect(maxMinFair([])).toEqual([]);
    expect(() => maxMinFair([greedy(link('a', Number.NaN))])).toThrow(RangeError);
  });

  it('is what max-min fairness is: no link overloaded, and who wants more has a full link on which nobody has more', () => {
    const links = ['a', 'b', 'c', 'd', 'e'];
    const scenario = fc.record({
      capacities: fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: links.length, maxLength: links.length }),
      flows: fc.array(
        fc.record({
          way: fc.uniqueArray(fc.nat(links.length - 1), { minLength: 1 }),
          demandMbps: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.double({ min: 0.001, max: 500, noNaN: true })),
        }),
        { minLength: 1, maxLength: 8 },
      ),
    });
    fc.assert(
      fc.property(scenario, ({ capacities, flows }) => {
        const states = links.map((name, index) => link(name, capacities[index]!));
        const demands = flows.map(({ way, demandMbps }) => ({ links: way.map((index) => states[index]!), demandMbps }));
        const shares = maxMinFair(demands);
        const on = (id: string) => shares.filter((_, index) => demands[index]!.links.some((state) => state.linkId === id)).map(({ rateMbps }) => rateMbps);
        const load = (id: string) => on(id).reduce((sum, rate) => sum + rate, 0);
        for (const state of states) expect(load(state.linkId)).toBeLessThanOrEqual(state.capacityMbps + 1e-6);
        shares.forEach(({ rateMbps, bottleneck }, index) => {
          expect(rateMbps).toBeLessThanOrEqual(demands[index]!.demandMbps);
          if (bottleneck === null) return expect(rateMbps).toBe(demands[index]!.demandMbps);
          expect(load(bottleneck)).toBeCloseTo(states.find((state) => state.linkId === bottleneck)!.capacityMbps, 6);
          expect(Math.max(...on(bottleneck))).toBeLessThanOrEqual(rateMbps + 1e-6);
        });
      }),
      { numRuns: 500 },
    );
  });
});
