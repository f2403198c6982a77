import { linkId } from '@satsim/core';
import type { EngineEvent, EngineEventType } from '@satsim/core';
import { expect, test } from 'vitest';
import { CoverageCount } from './coverage-count.js';

let seq = 0;
const event = (tickIndex: number, type: EngineEventType, source: string, target: string): EngineEvent => ({
  tickIndex,
  simTimeMs: tickIndex * 1000,
  seq: seq++,
  type,
  linkId: linkId('gsl', source, target),
  nodeId: null,
  attributes: {},
});

const gap = (fromS: number, toS: number) => ({ fromMs: fromS * 1000, toMs: toS * 1000 });

test('counts what holds from one event to the next', () => {
  const count = new CoverageCount(['a', 'b', 'c'], 50_000, 5_000);
  count.add([event(0, 'pass_start', 'S1', 'a'), event(0, 'pass_start', 'S2', 'a'), event(0, 'link_up', 'S1', 'a'), event(0, 'link_up', 'a', 'S1')]);
  count.add([event(2, 'pass_start', 'S1', 'b'), event(2, 'modcod_change', 'S1', 'a'), event(2, 'handover', 'S1', 'a')]);
  count.add([event(4, 'pass_end', 'S1', 'a'), event(4, 'link_down', 'a', 'S1')]);
  count.add([event(6, 'pass_end', 'S2', 'a'), event(6, 'link_up', 'a', 'S1'), event(6, 'link_up', 'IR-1', 'IR-2')]);
  count.add([event(7, 'pass_start', 'S3', 'a'), event(7, 'pass_end', 'S1', 'b'), event(7, 'link_down', 'S1', 'a')]);
  expect(count.end()).toEqual([
    // Visible 2 2 2 2 1 1 0 1 1 1; both directions up in ticks 0 to 3, and 6.
    { site: 'a', covered: 0.9, usable: 0.5, visible: { min: 0, mean: 1.3, max: 2 }, gaps: [gap(30, 35)] },
    { site: 'b', covered: 0.5, usable: 0, visible: { min: 0, mean: 0.5, max: 1 }, gaps: [gap(0, 10), gap(35, 50)] },
    { site: 'c', covered: 0, usable: 0, visible: { min: 0, mean: 0, max: 0 }, gaps: [gap(0, 50)] },
  ]);
});

test('one satellite after the other at the same tick leaves no gap', () => {
  const count = new CoverageCount(['a'], 4_000, 1_000);
  count.add([event(0, 'pass_start', 'S1', 'a')]);
  count.add([event(2, 'pass_end', 'S1', 'a'), event(2, 'pass_start', 'S2', 'a')]);
  expect(count.end()).toMatchObject([{ covered: 1, gaps: [], visible: { min: 1, max: 1 } }]);
});

test('the last step counts to the end of the span only', () => {
  const count = new CoverageCount(['a', 'b', 'c'], 25_000, 10_000);
  count.add([event(0, 'pass_start', 'S1', 'b')]);
  count.add([event(2, 'pass_end', 'S1', 'b'), event(2, 'pass_start', 'S1', 'c'), event(2, 'pass_start', 'S2', 'c')]);
  expect(count.end()).toEqual([
    { site: 'a', covered: 0, usable: 0, visible: { min: 0, mean: 0, max: 0 }, gaps: [gap(0, 25)] },
    { site: 'b', covered: 0.8, usable: 0, visible: { min: 0, mean: 0.8, max: 1 }, gaps: [gap(20, 25)] },
    { site: 'c', covered: 0.2, usable: 0, visible: { min: 0, mean: 0.4, max: 2 }, gaps: [gap(0, 20)] },
  ]);
});
