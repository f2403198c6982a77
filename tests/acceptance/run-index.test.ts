import { setTimeout as pause } from 'node:timers/promises';
import { listRuns } from '@satsim/core';
import { findListedRuns } from '@satsim/runs';
import { expect, it } from 'vitest';
import { manyRuns } from '../../benchmarks/many-runs.js';

const RUNS = 1_500;
const TURNS = 5;
/** Half of what an idle machine measures: both sides run in turns in one process, so that only their ratio counts. */
const LEAST_RATIO = 3;

it('a list by the index is quicker than reading every run by a wide margin, and says the same', async () => {
  const { root, remove } = manyRuns(RUNS);
  try {
    // What has just been written is read again.
    await pause(1_500);
    expect(await findListedRuns(root)).toEqual(await listRuns(root));
    const turns: { readonly read: number; readonly known: number }[] = [];
    const timed = async (list: () => Promise<unknown>): Promise<number> => {
      const started = performance.now();
      await list();
      return performance.now() - started;
    };
    for (let turn = 0; turn < TURNS; turn += 1) turns.push({ read: await timed(() => listRuns(root)), known: await timed(() => findListedRuns(root)) });
    const [middle] = turns.toSorted((a, b) => a.read / a.known - b.read / b.known).slice(TURNS >> 1);
    const ratio = middle!.read / middle!.known;
    console.info(`read ${middle!.read.toFixed(0)} ms, by the index ${middle!.known.toFixed(0)} ms, ${ratio.toFixed(1)} times`);
    expect(ratio).toBeGreaterThan(LEAST_RATIO);
  } finally {
    remove();
  }
});
