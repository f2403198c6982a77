import { expect, test } from 'vitest';
import type { Assertion } from '../contract/scenario.js';
import type { FlowSample } from '../contract/results.js';
import { evaluateAssertions } from './assertions.js';
import { FlowStatistics } from './flow-statistics.js';

const sample = (changes: Partial<FlowSample>): FlowSample => ({
  lane: 'l',
  flow: 'f',
  simTimeMs: 0,
  rttMs: null,
  oneWayDelayMs: null,
  lossPct: null,
  goodputMbps: null,
  hops: null,
  pathHash: null,
  ...changes,
});

test('quantiles are exact, over more values than fit at first', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (let i = 1000; i >= 0; i -= 1) statistics.add(sample({ rttMs: i }));
  expect(statistics.summary().rttMs).toEqual({ min: 0, median: 500, p99: 990, max: 1000 });
});

test('between two values the quantile is interpolated', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const rttMs of [10, 20]) statistics.add(sample({ rttMs }));
  const { median, p99 } = statistics.summary().rttMs!;
  expect(median).toBe(15);
  expect(p99).toBeCloseTo(19.9, 12);
});

test('availability counts samples without total loss; no information counts for nothing', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const lossPct of [0, 99, 100, null]) statistics.add(sample({ lossPct }));
  expect(statistics.summary()).toMatchObject({ availability: 2 / 3, samples: 4 });
  expect(new FlowStatistics('f', 'l').summary()).toEqual({
    id: 'f',
    lane: 'l',
    rttMs: null,
    availability: null,
    pathChanges: 0,
    handovers: null,
    outages: 0,
    longestOutageS: 0,
    mainPath: null,
    samples: 0,
  });
});

test('a path changes between successive samples that both have one', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const pathHash of ['a', 'a', 'b', null, 'c', 'c', 'a']) statistics.add(sample({ pathHash }));
  expect(statistics.summary().pathChanges).toBe(2);
});

test('a handover is another satellite at either end; one in the middle of the path is none', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const path of [
    ['a', 's1', 's2', 's3', 'b'],
    ['a', 's1', 's9', 's3', 'b'],
    ['a', 's4', 's9', 's3', 'b'],
    ['a', 's4', 's9', 's5', 'b'],
  ]) {
    statistics.add(sample({ path, pathHash: path.join() }));
  }
  expect(statistics.summary()).toMatchObject({ pathChanges: 3, handovers: 2 });
});

test('the main path is the one of the most samples', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const middle of ['s1', 's2', 's2', 's1', 's2']) statistics.add(sample({ path: ['a', middle, 'b'], pathHash: middle }));
  expect(statistics.summary().mainPath).toEqual({ nodes: ['a', 's2', 'b'], share: 0.6 });
});

test('an outage lasts until the next sample with a way, or to the last sample', () => {
  const statistics = new FlowStatistics('f', 'l');
  [0, 100, 100, 0, 100, 0, 0].forEach((lossPct, i) => statistics.add(sample({ lossPct, simTimeMs: 1000 * i })));
  expect(statistics.summary()).toMatchObject({ outages: 2, longestOutageS: 2 });
  for (const i of [7, 8, 9, 10]) statistics.add(sample({ lossPct: 100, simTimeMs: 1000 * i }));
  expect(statistics.summary()).toMatchObject({ outages: 3, longestOutageS: 3 });
});

test('an assertion is checked in every lane, or in the one it names; without data it does not hold', () => {
  const flows = [
    {
      id: 'f',
      lane: 'x',
      rttMs: { min: 1, median: 2, p99: 3, max: 4 },
      availability: 1,
      pathChanges: 0,
      handovers: 0,
      outages: 0,
      longestOutageS: 0,
      mainPath: null,
      samples: 9,
    },
  ];
  const check = (quantity: Assertion['quantity'], op: Assertion['op'], value: number, lane?: string) =>
    evaluateAssertions([{ flow: 'f', quantity, op, value, ...(lane === undefined ? {} : { lane }) }], ['x', 'y'], flows).map(({ lane: name, actual, ok }) => [
      name,
      actual,
      ok,
    ]);
  expect(check('rtt_ms.p99', '<', 4)).toEqual([
    ['x', 3, true],
    ['y', null, false],
  ]);
  expect(check('rtt_ms.max', '<', 4, 'x')).toEqual([['x', 4, false]]);
  expect(check('rtt_ms.min', '>=', 1, 'x')).toEqual([['x', 1, true]]);
  expect(check('rtt_ms.median', '==', 2, 'x')).toEqual([['x', 2, true]]);
  expect(check('availability', '>', 0.99, 'x')).toEqual([['x', 1, true]]);
  expect(check('path_changes', '<=', 0, 'x')).toEqual([['x', 0, true]]);
});
