// A list of runs by the index against reading every run, in turns within one process, so that a slow or busy machine slows both.
// Prints milliseconds of both, the ratio, and whether they said the same, as JSON.
import { isDeepStrictEqual } from 'node:util';
import { listRuns } from '@satsim/core';
import { findListedRuns } from '@satsim/runs';
import { manyRuns } from './many-runs.ts';

const RUNS = 1_500;
const TURNS = 5;
/** What has just been written is read again. */
const OLD_ENOUGH_MS = 1_500;

async function timed(list: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await list();
  return performance.now() - started;
}

const { root, remove } = manyRuns(RUNS);
try {
  await new Promise((resolve) => setTimeout(resolve, OLD_ENOUGH_MS));
  const same = isDeepStrictEqual(await findListedRuns(root), await listRuns(root));
  const turns: { readMs: number; knownMs: number }[] = [];
  for (let turn = 0; turn < TURNS; turn += 1) turns.push({ readMs: await timed(() => listRuns(root)), knownMs: await timed(() => findListedRuns(root)) });
  const [middle] = turns.toSorted((a, b) => a.readMs / a.knownMs - b.readMs / b.knownMs).slice(TURNS >> 1);
  process.stdout.write(JSON.stringify({ ...middle, ratio: middle!.readMs / middle!.knownMs, same }));
} finally {
  remove();
}
