import { linkId, type LinkState, LinkTable, type NetworkNode, type TickUpdate } from '@satsim/core';
import { testTick } from '@satsim/core/testing';
import * as fc from 'fast-check';

export const NODES: readonly NetworkNode[] = [
  ...['s0', 's1', 's2', 's3'].map((id): NetworkNode => ({ id, role: 'satellite', relay: true })),
  ...['g0', 'g1'].map((id): NetworkNode => ({ id, role: 'ground_station', relay: false })),
];

const ENDS = NODES.flatMap(({ id: source }) => NODES.filter(({ id }) => id !== source).map(({ id: target }) => [source, target] as const));

const link = fc.constantFrom(...ENDS).chain(([source, target]) =>
  fc
    .record({
      up: fc.constantFrom(true, true, false),
      oneWayDelayMs: fc.oneof(fc.constantFrom(0, 2, 3.3, 10), fc.double({ min: 0, max: 500, noNaN: true })),
      capacityMbps: fc.oneof(fc.constantFrom(0, 100), fc.double({ min: 1e-3, max: 1e5, noNaN: true })),
      lossPct: fc.oneof(fc.constantFrom(0, 100), fc.double({ min: 0, max: 100, noNaN: true })),
    })
    .map((state): LinkState => {
      const kind = source.startsWith('g') || target.startsWith('g') ? 'gsl' : 'isl';
      return { linkId: linkId(kind, source, target), source, target, kind, ...state };
    }),
);

/** Valid ticks over a full mesh: links come, change, leave and come back; a snapshot now and then; some ticks change nothing. */
export const randomTicks: fc.Arbitrary<readonly TickUpdate[]> = fc
  .array(
    fc.record({
      snapshot: fc.constantFrom(false, false, false, true),
      removed: fc.array(fc.nat(40), { maxLength: 3 }),
      updates: fc.array(link, { maxLength: 8 }),
    }),
    {
      minLength: 1,
      maxLength: 10,
    },
  )
  .map((intents) => {
    const table = new LinkTable();
    return intents.map(({ snapshot, removed, updates }, tickIndex) => {
      const there = [...table.values()].map((state) => state.linkId);
      const tick = testTick(tickIndex, {
        snapshot: snapshot || tickIndex === 0,
        removals: tickIndex === 0 || snapshot ? [] : [...new Set(removed.flatMap((at) => there[at] ?? []))],
        updates: [...new Map(updates.map((state) => [state.linkId, state])).values()],
      });
      table.apply(tick);
      return tick;
    });
  });
