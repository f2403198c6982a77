import type * as FastCheck from 'fast-check';
import { LinkTable } from '../contract/link-table.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { withColumns } from './column-ticks.js';
import { TEST_LINKS, testTick } from './network.js';

/** What one tick does to one link of the kit's network. */
interface Change {
  readonly link: number;
  readonly remove: boolean;
  readonly set: Pick<LinkState, 'up' | 'oneWayDelayMs' | 'capacityMbps' | 'lossPct'> | null;
}
interface Intent {
  readonly snapshot: boolean;
  readonly columns: boolean;
  readonly changes: readonly Change[];
}

/**
 * Any sequence that a tick source may send over the kit's network: the first tick is a snapshot, others now and then; links
 * leave, come back, go down, and have their values set to anything, often to zero; some ticks carry columns. Shrinks to few ticks that do little.
 */
export function randomTicks(fc: typeof FastCheck): FastCheck.Arbitrary<readonly TickUpdate[]> {
  const number = (usual: readonly number[], [min, max]: readonly [number, number], decimals: number): FastCheck.Arbitrary<number> =>
    fc.oneof(
      fc.constantFrom(...usual),
      fc.integer({ min: min * 10 ** decimals, max: max * 10 ** decimals }).map((n) => n / 10 ** decimals),
    );
  const state = fc.record({
    up: fc.constantFrom(true, true, true, false),
    oneWayDelayMs: number([0, 0, 7.25], [0, 500], 3),
    capacityMbps: number([100, 100, 0], [1, 1_000], 1),
    lossPct: number([0, 0, 1.5], [0, 100], 2),
  });
  const change = fc.record({ link: fc.nat(TEST_LINKS.length - 1), remove: fc.boolean(), set: fc.option(state, { freq: 3 }) });
  const intent = fc.record({ snapshot: fc.constantFrom(false, false, false, true), columns: fc.boolean(), changes: fc.array(change, { maxLength: 5 }) });
  return fc.array(intent, { minLength: 1, maxLength: 8 }).map(ticksOf);
}

/** Turns intents into valid ticks: a removal names a link that is there, and no tick has a link twice. */
function ticksOf(intents: readonly Intent[]): readonly TickUpdate[] {
  const table = new LinkTable();
  const plain = intents.map((intent, tickIndex) => {
    const snapshot = tickIndex === 0 || intent.snapshot;
    const removals = new Set<string>();
    const updates = new Map<string, LinkState>();
    for (const { link, remove, set } of intent.changes) {
      const { linkId } = TEST_LINKS[link]!;
      if (remove) {
        if (!snapshot && table.get(linkId)) removals.add(linkId);
        updates.delete(linkId);
      }
      if (set) updates.set(linkId, { ...TEST_LINKS[link]!, ...set });
    }
    const tick = testTick(tickIndex, { snapshot, removals: [...removals], updates: [...updates.values()] });
    table.apply(tick);
    return tick;
  });
  const packed = withColumns(plain);
  return plain.map((tick, at) => (intents[at]!.columns ? packed[at]! : tick));
}
