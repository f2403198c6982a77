import { expect, test } from 'vitest';
import type { TickUpdate } from '../contract/tick.js';
import { TimebaseError } from '../errors.js';
import { TimebaseCheck } from './timebase.js';

const time = { t0Ms: 1000, t1Ms: 1030, dtMs: 10, tickCount: 3 };
const tick = (tickIndex: number, simTimeMs = 1000 + 10 * tickIndex, snapshot = tickIndex === 0): TickUpdate => ({
  runId: 'r',
  scenarioRef: 's',
  tickIndex,
  simTimeMs,
  snapshot,
  removals: [],
  updates: [],
  stats: { computeMs: 0, linksEvaluated: 0, linksEmitted: 0 },
});

test('ticks on the grid pass, and the end is known', () => {
  const check = new TimebaseCheck(time);
  for (let k = 0; k < 3; k += 1) check.accept(tick(k));
  expect(check.complete).toBe(true);
  check.ended();
});

test.each([
  ['a gap', [tick(0), tick(2)], 'tick 1 is missing'],
  ['a repetition', [tick(0), tick(0)], 'tick 0 came again'],
  ['a step back', [tick(0), tick(1), tick(0)], 'tick 0 came again or out of order'],
  ['a wrong time', [tick(0), tick(1, 1011)], 'sim time 1011'],
  ['one too many', [tick(0), tick(1), tick(2), tick(3)], 'beyond the end'],
  ['no snapshot at first', [tick(0, 1000, false)], 'not a snapshot'],
  ['no number', [tick(NaN)], 'not a whole number'],
])('%s is a TimebaseError that names the tick', (_, ticks, message) => {
  const check = new TimebaseCheck(time);
  expect(() => ticks.forEach((t) => check.accept(t))).toThrow(message);
  expect(() => ticks.forEach((t) => new TimebaseCheck(time).accept({ ...t, tickIndex: 1 }))).toThrow(TimebaseError);
});

test('an early end is a TimebaseError', () => {
  const check = new TimebaseCheck(time);
  check.accept(tick(0));
  expect(() => check.ended()).toThrow('ended after 1 of 3 ticks');
});
