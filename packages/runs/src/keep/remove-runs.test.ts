import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listRuns, processStart } from '@satsim/core/records';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { idAt, runsFolder } from '../made-runs.test-helper.js';
import { removeRuns } from './remove-runs.js';
import { collectRuns } from './retention.js';

let place: ReturnType<typeof runsFolder>;
beforeEach(() => {
  place = runsFolder();
});
afterEach(() => place.remove());

const GOING_ON = { outcome: null, endedAt: null, pid: process.pid, processStart: processStart(process.pid) };
const CRASHED = { outcome: null, endedAt: null };
const all = () => listRuns(place.root);
const ids = async () => (await all()).map(({ runId }) => runId);

test('runs that are over are removed, whatever their end', async () => {
  for (const [minute, outcome] of ['completed', 'stopped', 'interrupted', 'failed'].entries())
    place.add({ id: idAt(minute), manifest: { outcome }, summary: { outcome } });
  const removals = await removeRuns(place.root, await all(), false);
  expect(removals.map(({ removed, kept }) => [removed, kept])).toEqual(Array(4).fill([true, null]));
  expect(removals[0]!.bytes).toBeGreaterThan(100);
  expect(readdirSync(place.root)).toEqual([]);
});

test('a run that goes on stays; so does one that may, on another machine, and one that just begins', async () => {
  place.add({ id: idAt(0), manifest: GOING_ON, summary: null });
  place.add({ id: idAt(1), manifest: CRASHED, summary: null });
  mkdirSync(place.dirOf(idAt(2)));
  const removals = await removeRuns(place.root, await all(), false);
  expect(removals.map(({ kept }) => kept)).toEqual([
    expect.stringMatching(/just be starting/),
    expect.stringMatching(/may go on on another machine/),
    'it still goes on',
  ]);
  expect(await ids()).toHaveLength(3);
});

test('a run that crashed some time ago is removed, but not one that has just written its log', async () => {
  for (const minute of [1, 2]) {
    place.add({ id: idAt(minute), manifest: CRASHED, summary: null });
    writeFileSync(join(place.dirOf(idAt(minute)), 'logs/run.jsonl'), '');
    place.age(idAt(minute));
  }
  utimesSync(join(place.dirOf(idAt(1)), 'logs/run.jsonl'), new Date(0), new Date(0));
  const removals = await removeRuns(place.root, await all(), false);
  expect(removals.map(({ runId, removed }) => [runId, removed])).toEqual([
    [idAt(2), false],
    [idAt(1), true],
  ]);
});

test('a dry run tells the same, and changes nothing', async () => {
  place.add({ id: idAt(0) });
  place.add({ id: idAt(1), manifest: GOING_ON, summary: null });
  mkdirSync(join(place.root, '.trash-old'));
  const removals = await removeRuns(place.root, await all(), true);
  expect(removals.map(({ removed, kept }) => [removed, kept])).toEqual([
    [false, 'it still goes on'],
    [false, null],
  ]);
  expect(await ids()).toHaveLength(2);
  expect(existsSync(join(place.root, '.trash-old'))).toBe(true);
});

test('what an earlier removal left behind goes with the next one', async () => {
  mkdirSync(join(place.root, `.trash-${idAt(0)}-0000`, 'manifests'), { recursive: true });
  expect(await ids()).toEqual([]);
  await removeRuns(place.root, [], false);
  expect(readdirSync(place.root)).toEqual([]);
});

test('two that remove the same runs at once get along', async () => {
  for (let minute = 0; minute < 20; minute += 1) place.add({ id: idAt(minute) });
  const runs = await all();
  await Promise.all([removeRuns(place.root, runs, false), removeRuns(place.root, runs, false)]);
  expect(readdirSync(place.root)).toEqual([]);
});

test('retention keeps the newest of those that meet every condition, and all others', async () => {
  for (let minute = 0; minute < 6; minute += 1) {
    const outcome = minute % 2 === 0 ? 'failed' : 'completed';
    place.add({ id: idAt(minute), manifest: { outcome, tags: minute === 0 ? ['keep'] : [] }, summary: { outcome } });
  }
  place.add({ id: idAt(9), manifest: { ...GOING_ON }, summary: null });
  const filter = { statuses: ['failed' as const], exceptTags: ['keep'] };
  const removals = await collectRuns(place.root, { filter, keepLast: 1 }, false);
  expect(removals.map(({ runId }) => runId)).toEqual([idAt(2)]);
  expect(await ids()).toEqual([idAt(9), idAt(5), idAt(4), idAt(3), idAt(1), idAt(0)]);
  // A run that goes on is not even among those that are counted.
  expect((await collectRuns(place.root, { filter: {}, keepLast: 2 }, false)).map(({ runId }) => runId)).toEqual([idAt(3), idAt(1), idAt(0)]);
});

test('without any condition nothing is removed, and it is said how all are', async () => {
  place.add({ id: idAt(0) });
  const none = { tags: [], params: [], exceptTags: [], untilMs: undefined };
  for (const filter of [{}, none])
    await expect(collectRuns(place.root, { filter }, false)).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--keep-last 0') });
  expect(await ids()).toEqual([idAt(0)]);
  expect(await collectRuns(place.root, { filter: none, keepLast: 0 }, false)).toMatchObject([{ runId: idAt(0), removed: true }]);
});
