import { isDeepStrictEqual } from 'node:util';
import { check, ContractViolation, mustReject, PATIENCE_MS } from './contract-case.js';
import type { LaneBench, LaneRule } from './lane-bench.js';
import type { LaneSubject } from './lane-subject.js';
import { deepFreeze, TEST_LINKS, testLink, testTick } from './network.js';

const first = () => testTick(0, { snapshot: true, updates: TEST_LINKS });
const second = () =>
  testTick(1, { removals: [testLink('sat-3', 'sat-2').linkId], updates: [testLink('sat-1', 'sat-2', { oneWayDelayMs: 8, capacityMbps: 50 })] });

/** How a lane lives, fails, stops and leaves. */
export function lifeRules<Subject extends LaneSubject>(): readonly LaneRule<Subject>[] {
  return [
    {
      rule: 'a tick is not changed: deeply frozen ticks are applied as others are',
      needs: [],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(deepFreeze(first()));
        await bench.apply(deepFreeze(second()));
      },
    },
    {
      rule: 'a failing command rejects the tick',
      needs: ['failNext'],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        await bench.options.failNext!(bench.subject);
        await mustReject(() => bench.apply(second()), 30_000, 'applyTick with a failing command');
      },
    },
    {
      rule: 'an abort rejects the tick in time, also when a command hangs',
      needs: [],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        await bench.options.hangNext?.(bench.subject);
        const abort = new AbortController();
        // Without a way to hang the lane would be done before any abort, so it comes first.
        if (!bench.options.hangNext) abort.abort(new Error('aborted by the contract kit'));
        const applied = bench.apply(second(), abort.signal);
        const aborted = mustReject(() => applied, bench.limitMs, 'applyTick after the abort');
        abort.abort(new Error('aborted by the contract kit'));
        await aborted;
      },
    },
    {
      rule: 'where there is a complete, what fails in it rejects it',
      needs: ['failNext'],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        if (!bench.completes) return;
        await bench.options.failNext!(bench.subject);
        await mustReject(() => bench.complete(), PATIENCE_MS, 'complete with a failing command');
      },
    },
    {
      rule: 'where there is a complete, an abort rejects it in time, also when a command hangs',
      needs: [],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        if (bench.completes) await abortComplete(bench);
      },
    },
    {
      rule: 'where there is a complete, it leaves nothing behind: not when it was done, not when it was aborted',
      needs: ['leftovers'],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        if (!bench.completes) return;
        await bench.complete();
        await bench.finalize();
        await expectNothingLeft(bench, 'after complete');
        await bench.another(async (other) => {
          await other.prepare();
          await other.apply(first());
          // How it rejects is judged by another rule, here what it leaves.
          await abortComplete(other).catch(() => {});
          await other.finalize();
          await expectNothingLeft(other, 'after an aborted complete');
        });
      },
    },
    {
      rule: 'finalize is safe before prepare',
      needs: [],
      judge: (bench) => bench.finalize(),
    },
    {
      rule: 'finalize is safe twice',
      needs: [],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        await bench.finalize();
        await bench.finalize();
      },
    },
    {
      rule: 'finalize is safe after a failure',
      needs: [],
      async judge(bench) {
        await bench.prepare();
        await failOnce(bench);
        await bench.finalize();
      },
    },
    {
      rule: 'nothing is left behind: not after a run, not after a failure',
      needs: ['leftovers'],
      async judge(bench) {
        await bench.prepare();
        await bench.apply(first());
        await bench.finalize();
        await expectNothingLeft(bench, 'after a run');
        await bench.another(async (other) => {
          await other.prepare();
          await failOnce(other);
          // How it ends is judged by another rule, here what it leaves.
          await other.finalize().catch(() => {});
          await expectNothingLeft(other, 'after a failure');
        });
      },
    },
    {
      rule: 'a prepare that fails leaves nothing behind',
      needs: ['leftovers', 'failNext'],
      async judge(bench) {
        await bench.options.failNext!(bench.subject);
        const failed = await bench.prepare().then(
          () => false,
          () => true,
        );
        // A prepare that does nothing outside itself can't fail there: then the end must clear up as always.
        if (!failed) await bench.finalize();
        await expectNothingLeft(bench, failed ? 'after a prepare that failed' : 'after prepare and finalize');
      },
    },
    {
      rule: 'two fresh lanes agree on the same ticks',
      needs: [],
      unless: ({ determinism }) => (determinism === 'statistical' ? 'the lane says that it is statistical' : null),
      async judge(bench) {
        const mine = await record(bench);
        check(mine.samples.length > 0 || mine.links !== null, 'nothing to compare: the lane reported no samples, and the harness has no observe()');
        const others = await bench.another(record);
        check(isDeepStrictEqual(mine.samples, others.samples), 'the two lanes report different samples');
        check(isDeepStrictEqual(mine.links, others.links), 'the two lanes have different links in force');
      },
    },
  ];
}

/** Lets a tick fail, by a command where the harness can, else by an abort. What it rejects with is judged by other rules. */
async function failOnce<Subject extends LaneSubject>(bench: LaneBench<Subject>): Promise<void> {
  await bench.options.failNext?.(bench.subject);
  const signal = bench.options.failNext ? undefined : AbortSignal.abort(new Error('aborted by the contract kit'));
  await bench.apply(first(), signal).catch((error: unknown) => {
    if (error instanceof ContractViolation) throw error;
  });
}

async function abortComplete<Subject extends LaneSubject>(bench: LaneBench<Subject>): Promise<void> {
  await bench.options.hangNext?.(bench.subject);
  const abort = new AbortController();
  // As for a tick: without a way to hang it might be done before any abort.
  if (!bench.options.hangNext) abort.abort(new Error('aborted by the contract kit'));
  const completed = bench.complete(abort.signal);
  const aborted = mustReject(() => completed, bench.limitMs, 'complete after the abort');
  abort.abort(new Error('aborted by the contract kit'));
  await aborted;
}

async function expectNothingLeft<Subject extends LaneSubject>(bench: LaneBench<Subject>, when: string): Promise<void> {
  const left = await bench.options.leftovers!(bench.subject);
  check(left.length === 0, `${when} there is still: ${left.join(', ')}`);
  const processIds = await bench.endProcesses();
  check(processIds.length === 0, `${when} processes still run: ${processIds.join(', ')}`);
}

async function record<Subject extends LaneSubject>(bench: LaneBench<Subject>) {
  await bench.prepare();
  await bench.apply(first());
  await bench.apply(second());
  const links = bench.options.observe ? [...(await bench.observe()).values()].sort((a, b) => (a.linkId < b.linkId ? -1 : 1)) : null;
  await bench.complete();
  await bench.finalize();
  return { links, samples: [...bench.samples] };
}
