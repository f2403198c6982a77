import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LinkTable } from '../contract/link-table.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { Coalescer } from './coalesce.js';

const ids = ['a', 'b', 'c', 'd', 'e'];
const link = fc
  .record({ linkId: fc.constantFrom(...ids), oneWayDelayMs: fc.nat({ max: 9 }) })
  .map(({ linkId, oneWayDelayMs }): LinkState => ({ linkId, source: 's', target: 't', kind: 'isl', up: true, oneWayDelayMs, capacityMbps: 1, lossPct: 0 }));
const step = fc.record({
  skip: fc.boolean(),
  snapshot: fc.boolean(),
  removals: fc.uniqueArray(fc.constantFrom(...ids)),
  updates: fc.uniqueArray(link, { selector: ({ linkId }) => linkId }),
});

function state(table: LinkTable): LinkState[] {
  return [...table.values()].sort((a, b) => (a.linkId < b.linkId ? -1 : 1));
}

test('whoever gets only the delivered ticks has the same state as whoever gets all', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const all = new LinkTable();
      const some = new LinkTable();
      const coalescer = new Coalescer();
      steps.forEach(({ skip, ...changes }, tickIndex) => {
        const tick: TickUpdate = {
          runId: 'r',
          scenarioRef: 's',
          tickIndex,
          simTimeMs: tickIndex,
          stats: { computeMs: 1, linksEvaluated: 1, linksEmitted: 1 },
          ...changes,
        };
        all.apply(tick);
        if (skip) return coalescer.skip(tick);
        const delivered = coalescer.deliver(tick);
        expect(delivered.tickIndex).toBe(tickIndex);
        some.apply(delivered);
        expect(state(some)).toEqual(state(all));
      });
    }),
  );
});

test('a tick after no skipped one is handed on as it is', () => {
  const tick: TickUpdate = {
    runId: 'r',
    scenarioRef: 's',
    tickIndex: 0,
    simTimeMs: 0,
    snapshot: true,
    removals: [],
    updates: [],
    stats: { computeMs: 1, linksEvaluated: 1, linksEmitted: 0 },
  };
  expect(new Coalescer().deliver(tick)).toBe(tick);
});
