import { expect, test } from 'vitest';
import { type Assertion, scenarioSchema } from '../contract/scenario.js';
import type { FlowSummary } from '../run/types.js';
import { describeAssertion, evaluateAssertions } from './assertions.js';
import { FlowStatistics } from './flow-statistics.js';

const spread = (by: number) => ({ min: by, mean: 2 * by, median: 3 * by, p99: 4 * by, max: 5 * by });
const FLOW: FlowSummary = {
  id: 'f',
  lane: 'x',
  rttMs: spread(1),
  oneWayDelayMs: spread(10),
  lossPct: spread(2),
  goodputMbps: spread(100),
  availability: 0.9,
  pathChanges: 7,
  handovers: 3,
  outages: 2,
  longestOutageS: 30,
  mainPath: null,
  samples: 9,
};
const nothing = (lane: string): FlowSummary => new FlowStatistics('f', lane).summary();
const EVERY = scenarioSchema.shape.assertions.unwrap().element.shape.quantity.options;

const check = (flows: readonly FlowSummary[], quantity: Assertion['quantity'], op: Assertion['op'], value: number, lane?: string) =>
  evaluateAssertions([{ flow: 'f', quantity, op, value, ...(lane === undefined ? {} : { lane }) }], ['x', 'y'], flows);

test('every quantity is what the summary says', () => {
  const actual = EVERY.map((quantity) => [quantity, check([FLOW], quantity, '>', -1)[0]!.actual]);
  const spreads = { rtt_ms: spread(1), one_way_delay_ms: spread(10), loss_pct: spread(2), goodput_mbps: spread(100) };
  const measured = Object.entries(spreads).flatMap(([name, figures]) => Object.entries(figures).map(([figure, value]) => [`${name}.${figure}`, value]));
  expect(actual).toEqual([...measured, ['availability', 0.9], ['path_changes', 7], ['handovers', 3], ['outages', 2], ['longest_outage_s', 30]]);
});

test.each(EVERY)('%s that has no value fails, however it is compared', (quantity) => {
  for (const op of ['<', '<=', '>', '>=', '=='] as const) {
    for (const value of [-1, 0, 1e9]) {
      const [result] = check([{ ...nothing('x'), samples: 4 }], quantity, op, value);
      expect(result).toMatchObject({ lane: 'x', actual: null, ok: false });
      expect(describeAssertion(result!)).toBe(`f in x: ${quantity} ${op} ${value} does not hold: there is no such value`);
    }
  }
});

test.each([
  ['<', 4, 4.1, 4],
  ['<=', 4, 4, 3.9],
  ['>', 4, 3.9, 4],
  ['>=', 4, 4, 4.1],
  ['==', 4, 4, 4.1],
] as const)('%s', (op, actual, holds, fails) => {
  expect(check([FLOW], 'rtt_ms.p99', op, holds)).toMatchObject([{ actual, ok: true }]);
  expect(check([FLOW], 'rtt_ms.p99', op, fails)).toMatchObject([{ actual, ok: false }]);
});

test('it is about the lane that it names, or about all lanes that report the flow', () => {
  const lanes = (flows: readonly FlowSummary[], lane?: string) => check(flows, 'availability', '>', 0, lane).map(({ lane: name, ok }) => [name, ok]);
  const both = [FLOW, { ...FLOW, lane: 'y' }];
  expect(lanes(both)).toEqual([
    ['x', true],
    ['y', true],
  ]);
  expect(lanes(both, 'y')).toEqual([['y', true]]);
  // A lane that has nothing to say of such flows.
  expect(lanes([FLOW, nothing('y')])).toEqual([['x', true]]);
  expect(lanes([FLOW, nothing('y')], 'y')).toEqual([['y', false]]);
  expect(lanes([nothing('x'), nothing('y')])).toEqual([
    ['x', false],
    ['y', false],
  ]);
  expect(lanes(both, 'z')).toEqual([['z', false]]);
});
