/** A run in a process of its own, for signals.test.ts: `graceful`, `hangs` in its tick, `stuck` in its end as well, or `exits` by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRun } from './run.js';
import { makePlan, OPTIONS } from './run.test-helper.js';
import { handleSignals } from './signals.js';

const [, , mode, root] = process.argv;
const never = (): Promise<void> => new Promise(() => {});
const plan = makePlan({
  root: root!,
  ticks: 1_000_000,
  lanes: {
    a: ({ processes }) => ({
      prepare: async () => {
        const { pid } = processes.start('sleep', ['60']);
        setTimeout(() => process.stdout.write(`${JSON.stringify({ pid, runDir: run.runDir })}\n`), 100);
      },
      applyTick: () => (mode === 'graceful' ? sleep(1) : mode === 'exits' ? sleep(300).then(() => process.exit(3)) : never()),
      finalize: () => (mode === 'stuck' ? never() : Promise.resolve()),
    }),
  },
});
const run = await createRun(plan, OPTIONS);
const signals = handleSignals();
signals.attach(run);
const result = await run.start();
signals.release();
process.exitCode = result.exitCode;
