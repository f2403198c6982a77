import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TickPacker } from '../artifacts/trace/tick-packer.js';
import { columnTick } from '../contract/column-tick.js';
import { LinkTable } from '../contract/link-table.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { Coalescer } from './coalesce.js';

const ids = ['a', 'b', 'c', 'd', 'e'];
const link = fc
  .record({ linkId: fc.constantFrom(...ids), oneWayDelayMs: fc.nat({ max: 9 }) })
  .map(({ linkId, oneWayDelayMs }): LinkState => ({ linkId, source: 's', target: 't', kind: 'isl', up: true, oneWayDelayMs, capacityMbps: 1, lossPct: 0 }));
const step = fc.record({
  skip: fc.boolean(),
  columns: fc.constantFrom(true, true, true, false),
  snapshot: fc.boolean(),
  removals: fc.uniqueArray(fc.constantFrom(...ids)),
  updates: fc.uniqueArray(link, { selector: ({ linkId }) => linkId }),
});

function state(table: LinkTable): LinkState[] {
  return [...table.values()].sort((a, b) => (a.linkId < b.linkId ? -1 : 1));
}

const headOf = (tickIndex: number) => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs: tickIndex,
  snapshot: false,
  stats: { computeMs: 1, linksEvaluated: 1, linksEmitted: 1 },
});

test('whoever gets only the delivered ticks has the same state as whoever gets all', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const all = new LinkTable();
      const some = new LinkTable();
      const coalescer = new Coalescer();
      const packer = new TickPacker();
      let skipped = 0;
      let packed = true;
      steps.forEach(({ skip, columns, snapshot, ...changes }, tickIndex) => {
        const head = { ...headOf(tickIndex), snapshot };
        const tick = columns ? columnTick(head, packer.pack(changes)) : { ...head, ...changes };
        packed &&= columns;
        all.apply(tick);
        if (skip) {
          skipped += 1;
          return coalescer.skip(tick);
        }
        const delivered = coalescer.deliver(tick);
        expect(delivered).toMatchObject({
          tickIndex,
          simTimeMs: tickIndex,
          stats: { computeMs: skipped + 1, linksEvaluated: skipped + 1, linksEmitted: skipped + 1 },
        });
        // What came in columns goes out in columns.
        expect(delivered.columns !== undefined).toBe(packed);
        [skipped, packed] = [0, true];
        some.apply(delivered);
        expect(state(some)).toEqual(state(all));
      });
    }),
    { numRuns: 300 },
  );
});

test('a tick after no skipped one is handed on as it is', () => {
  const tick: TickUpdate = { ...headOf(0), snapshot: true, removals: [], updates: [] };
  expect(new Coalescer().deliver(tick)).toBe(tick);
});
