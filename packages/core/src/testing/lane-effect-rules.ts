import { LinkTable } from '../contract/link-table.js';
import type { LinkState, TickUpdate } from '../contract/tick.js';
import { check } from './contract-case.js';
import type { LaneBench, LaneRule } from './lane-bench.js';
import type { LaneSubject, ObservedLink } from './lane-subject.js';
import { TEST_LINKS, testLink, testTick } from './network.js';

const ALL = testTick(0, { snapshot: true, updates: TEST_LINKS });
const THERE = testLink('sat-1', 'sat-2');
const BACK = testLink('sat-2', 'sat-1');

/** What ticks do to links, judged by what the harness observes. */
export function effectRules<Subject extends LaneSubject>(): readonly LaneRule<Subject>[] {
  const rule = (words: string, judge: (bench: LaneBench<Subject>) => Promise<void>): LaneRule<Subject> => ({
    rule: words,
    needs: ['observe'],
    async judge(bench) {
      await bench.prepare();
      await judge(bench);
    },
  });
  return [
    rule('removals are applied before updates: a link in both is there afterwards', async (bench) => {
      await expectAfter(bench, [ALL, testTick(1, { removals: [THERE.linkId, BACK.linkId], updates: [{ ...THERE, oneWayDelayMs: 9 }] })]);
    }),
    rule('a snapshot replaces every earlier link', async (bench) => {
      await expectAfter(bench, [ALL, testTick(1, { snapshot: true, updates: [{ ...THERE, oneWayDelayMs: 8 }] })]);
    }),
    rule('a link that is down is known still, and not removed', async (bench) => {
      await expectAfter(bench, [ALL, testTick(1, { updates: [{ ...THERE, up: false }] })]);
      await expectAfter(bench, [testTick(2, { updates: [THERE] })], [ALL]);
    }),
    rule('the same tick twice changes nothing', async (bench) => {
      const tick = testTick(1, { removals: [BACK.linkId], updates: [{ ...THERE, oneWayDelayMs: 6, lossPct: 3 }] });
      await expectAfter(bench, [ALL, tick, tick]);
    }),
    rule('a delay that goes back to zero is really cleared', async (bench) => {
      await expectAfter(bench, [ALL, testTick(1, { updates: [{ ...THERE, oneWayDelayMs: 0 }] })]);
    }),
    rule('a loss that goes back to zero is really cleared', async (bench) => {
      await expectAfter(bench, [ALL, testTick(1, { updates: [{ ...THERE, lossPct: 0 }] })]);
    }),
  ];
}

/** Applies ticks and compares the links in force with what the ticks say, `before` being applied already. */
async function expectAfter<Subject extends LaneSubject>(
  bench: LaneBench<Subject>,
  ticks: readonly TickUpdate[],
  before: readonly TickUpdate[] = [],
): Promise<void> {
  const table = new LinkTable();
  for (const tick of [...before, ...ticks]) table.apply(tick);
  for (const tick of ticks) await bench.apply(structuredClone(tick));
  const observed = await bench.observe();
  const wanted = [...table.values()];
  const extra = [...observed.keys()].filter((id) => table.get(id) === undefined);
  check(extra.length === 0, `still there: ${extra.join(', ')}`);
  for (const link of wanted) {
    const found = observed.get(link.linkId);
    check(found !== undefined, `${link.linkId} is gone`);
    const wrong = differences(link, found);
    check(wrong.length === 0, `${link.linkId}: ${wrong.join(', ')}`);
  }
}

/** Kernels and simulators round: a microsecond, a thousandth of a percent, a thousandth of the capacity pass. */
function differences(wanted: LinkState, found: ObservedLink): string[] {
  const wrong: string[] = [];
  if (found.up !== wanted.up) wrong.push(`up is ${found.up}, not ${wanted.up}`);
  // What a link that carries nothing would do to packets is nobody's business.
  if (!wanted.up) return wrong;
  const compare = (field: 'oneWayDelayMs' | 'lossPct' | 'capacityMbps', tolerance: number) => {
    if (!(Math.abs(found[field] - wanted[field]) <= tolerance)) wrong.push(`${field} is ${found[field]}, not ${wanted[field]}`);
  };
  compare('oneWayDelayMs', 1e-3);
  compare('lossPct', 1e-3);
  compare('capacityMbps', wanted.capacityMbps * 1e-3);
  return wrong;
}
