import { LinkTable } from '../contract/link-table.js';
import type { TickUpdate } from '../contract/tick.js';
import { check } from './contract-case.js';
import type { LaneBench, LaneRule } from './lane-bench.js';
import type { LaneSubject, ObservedLink } from './lane-subject.js';
import { copyTick, withColumns } from './column-ticks.js';
import { faultsInForce } from './links-in-force.js';
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
    {
      rule: 'ticks that carry columns are applied as ticks without',
      needs: ['observe'],
      async judge(bench) {
        const ticks = [
          ALL,
          testTick(1, {
            removals: [BACK.linkId],
            updates: [{ ...THERE, up: false }, testLink('gnd-1', 'sat-1', { oneWayDelayMs: 0, capacityMbps: 10, lossPct: 50 })],
          }),
          testTick(2, { updates: [THERE, { ...BACK, oneWayDelayMs: 9 }] }),
          testTick(3, { snapshot: true, updates: [BACK] }),
        ];
        const [plain, packed] = [await observeEach(bench, ticks), await bench.another((other) => observeEach(other, withColumns(ticks)))];
        for (const [at, links] of plain.entries()) {
          const wrong = faultsInForce(links, packed[at]!);
          check(wrong.length === 0, `after tick ${at}, with columns: ${wrong.join('; ')}`);
        }
      },
    },
  ];
}

/** Links in force after each tick. */
async function observeEach<Subject extends LaneSubject>(bench: LaneBench<Subject>, ticks: readonly TickUpdate[]) {
  await bench.prepare();
  const observed: ReadonlyMap<string, ObservedLink>[] = [];
  for (const tick of ticks) {
    await bench.apply(copyTick(tick));
    observed.push(await bench.observe());
  }
  return observed;
}

/** Applies ticks and compares the links in force with what the ticks say, `before` being applied already. */
async function expectAfter<Subject extends LaneSubject>(
  bench: LaneBench<Subject>,
  ticks: readonly TickUpdate[],
  before: readonly TickUpdate[] = [],
): Promise<void> {
  const table = new LinkTable();
  for (const tick of [...before, ...ticks]) table.apply(tick);
  for (const tick of ticks) await bench.apply(copyTick(tick));
  const observed = await bench.observe();
  const wrong = faultsInForce(table, observed);
  check(wrong.length === 0, wrong.join('; '));
}
