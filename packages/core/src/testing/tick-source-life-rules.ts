import { isDeepStrictEqual } from 'node:util';
import type { TickStream } from '../contract/tick-source.js';
import { check, inTime, mustReject } from './contract-case.js';
import type { TickSourceRule } from './tick-source-bench.js';
import type { TickSourceSubject } from './tick-source-subject.js';

const reason = () => new Error('aborted by the contract kit');

/** How a tick source opens, is left and aborted. */
export function sourceLifeRules<Subject extends TickSourceSubject>(): readonly TickSourceRule<Subject>[] {
  return [
    {
      rule: 'resolve has no side effect: no engine is started, no file is written',
      async judge(bench) {
        const before = await bench.files();
        await bench.resolve(new AbortController().signal);
        check(bench.enginesStarted() === 0, 'it asked for the engine');
        const added = (await bench.files()).filter((file) => !before.includes(file));
        check(added.length === 0 && isDeepStrictEqual(before, await bench.files()), `it changed the scenario's folder: ${added.join(', ')}`);
      },
    },
    {
      rule: 'close is safe at any time, and twice',
      async judge(bench) {
        const unread = await bench.open();
        await bench.close(unread);
        await bench.close(unread);
        const midst = await bench.open();
        await nextOf(midst);
        await bench.close(midst);
        await bench.close(midst);
        const ended = await bench.open();
        await bench.readAll(ended);
        await bench.close(ended);
        await bench.close(ended);
      },
    },
    {
      rule: 'a reader comes to an end when the stream is closed',
      async judge(bench) {
        const stream = await bench.open();
        const ticks = stream.ticks[Symbol.asyncIterator]();
        await ticks.next();
        const reading = readOn(ticks);
        // Whether closing works is judged by another rule.
        const closing = bench.close(stream).catch(() => {});
        await inTime(reading, bench.limitMs, 'the end of the ticks after the close');
        await closing;
      },
    },
    {
      rule: 'open rejects in time when it is aborted',
      judge: (bench) => mustReject(() => bench.open(AbortSignal.abort(reason())), bench.limitMs, 'open with an aborted signal'),
    },
    {
      rule: 'an abort ends the ticks in time, and before the last one',
      async judge(bench) {
        const abort = new AbortController();
        const stream = await bench.open(abort.signal);
        const ticks = stream.ticks[Symbol.asyncIterator]();
        await ticks.next();
        abort.abort(reason());
        const count = await inTime(readOn(ticks), bench.limitMs, 'the end of the ticks after the abort');
        check(1 + count < bench.run.tickCount, 'all ticks came, as if nothing had happened');
      },
    },
    {
      rule: 'close leaves nothing behind',
      unless: ({ leftovers }) => (leftovers ? null : 'the harness has no leftovers()'),
      async judge(bench) {
        const stream = await bench.open();
        await nextOf(stream);
        await bench.close(stream);
        const left = await bench.options.leftovers!(bench.subject);
        check(left.length === 0, `there is still: ${left.join(', ')}`);
      },
    },
  ];
}

async function nextOf({ ticks }: TickStream): Promise<void> {
  await ticks[Symbol.asyncIterator]().next();
}

/** Reads to the end, good or bad. @returns how many ticks came */
async function readOn(ticks: AsyncIterator<unknown>): Promise<number> {
  let count = 0;
  try {
    while (!(await ticks.next()).done) count += 1;
  } catch {
    // How a stream ends that was closed or aborted is its own business.
  }
  return count;
}
