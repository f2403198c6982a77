import type { Assertion } from '../contract/scenario.js';
import type { AssertionResult, FlowSummary } from '../run/types.js';

const QUANTITIES: Readonly<Record<string, (flow: FlowSummary) => number | null>> = {
  'rtt_ms.min': (flow) => flow.rttMs?.min ?? null,
  'rtt_ms.median': (flow) => flow.rttMs?.median ?? null,
  'rtt_ms.p99': (flow) => flow.rttMs?.p99 ?? null,
  'rtt_ms.max': (flow) => flow.rttMs?.max ?? null,
  availability: (flow) => flow.availability,
  path_changes: (flow) => (flow.samples === 0 ? null : flow.pathChanges),
};

const COMPARE: Readonly<Record<Assertion['op'], (actual: number, value: number) => boolean>> = {
  '<': (actual, value) => actual < value,
  '<=': (actual, value) => actual <= value,
  '>': (actual, value) => actual > value,
  '>=': (actual, value) => actual >= value,
  '==': (actual, value) => actual === value,
};

/** Each assertion for each lane it is about. What has no value holds nothing: an assertion without data is not ok. */
export function evaluateAssertions(assertions: readonly Assertion[], lanes: readonly string[], flows: readonly FlowSummary[]): readonly AssertionResult[] {
  return assertions.flatMap(({ flow, quantity, op, value, lane }) =>
    (lane === undefined ? lanes : [lane]).map((name) => {
      const summary = flows.find((candidate) => candidate.id === flow && candidate.lane === name);
      const actual = (summary && QUANTITIES[quantity]?.(summary)) ?? null;
      return { flow, lane: name, quantity, op, value, actual, ok: actual !== null && COMPARE[op](actual, value) };
    }),
  );
}

/** `os-sg in flow: rtt_ms.p99 < 250 does not hold: it is 311.2` */
export function describeAssertion({ flow, lane, quantity, op, value, actual }: AssertionResult): string {
  return `${flow} in ${lane}: ${quantity} ${op} ${value} does not hold: ${actual === null ? 'there is no such value' : `it is ${actual}`}`;
}
