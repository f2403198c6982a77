import { expect, test } from 'vitest';
import type { FlowSample } from '../contract/results.js';
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
  expect(statistics.summary().rttMs).toEqual({ min: 0, mean: 500, median: 500, p99: 990, max: 1000 });
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
    oneWayDelayMs: null,
    lossPct: null,
    goodputMbps: null,
    availability: null,
    pathChanges: null,
    handovers: null,
    outages: 0,
    longestOutageS: 0,
    mainPath: null,
    samples: 0,
  });
});

test('a path changes from one known path to the next', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const pathHash of ['a', 'a', 'b', null, 'b', null, 'c', 'c', 'a']) statistics.add(sample({ pathHash }));
  expect(statistics.summary()).toMatchObject({ pathChanges: 3, handovers: null });
});

test('whoever comes back after an outage by another satellite was handed over', () => {
  const statistics = new FlowStatistics('f', 'l');
  const by = (first: string) => sample({ path: ['a', first, 'b'], pathHash: first, lossPct: 0 });
  const outage = sample({ lossPct: 100 });
  for (const each of [by('s1'), outage, outage, by('s2'), outage, by('s2'), by('s3')]) statistics.add(each);
  expect(statistics.summary()).toMatchObject({ pathChanges: 2, handovers: 2, outages: 2 });
});

test('every measured quantity has its figures', () => {
  const statistics = new FlowStatistics('f', 'l');
  for (const n of [1, 2, 6]) statistics.add(sample({ oneWayDelayMs: n, lossPct: 10 * n, goodputMbps: n / 2 }));
  const figures = (by: number) => ({ min: by, mean: 3 * by, median: 2 * by, max: 6 * by });
  expect(statistics.summary()).toMatchObject({ rttMs: null, oneWayDelayMs: figures(1), lossPct: figures(10), goodputMbps: figures(0.5) });
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
