import type { Figure, FlowQuantity, Measured } from '../contract/scenario-assertions.js';
import type { Assertion } from '../contract/scenario.js';
import type { AssertionResult, Distribution, FlowSummary } from '../run/types.js';

const MEASURED: Readonly<Record<Measured, (flow: FlowSummary) => Distribution | null>> = {
  rtt_ms: (flow) => flow.rttMs,
  one_way_delay_ms: (flow) => flow.oneWayDelayMs,
  loss_pct: (flow) => flow.lossPct,
  goodput_mbps: (flow) => flow.goodputMbps,
};

/** Without a sample that knew whether the flow got through, there are no outages to be counted. */
const ofAvailability = (flow: FlowSummary, value: number): number | null => (flow.availability === null ? null : value);

const OF_THE_RUN: Readonly<Record<Exclude<FlowQuantity, `${string}.${string}`>, (flow: FlowSummary) => number | null>> = {
  availability: (flow) => flow.availability,
  path_changes: (flow) => flow.pathChanges,
  handovers: (flow) => flow.handovers,
  outages: (flow) => ofAvailability(flow, flow.outages),
  longest_outage_s: (flow) => ofAvailability(flow, flow.longestOutageS),
};

/** `null` where the lane has no such value: it is never a number then. */
function valueOf(flow: FlowSummary, quantity: FlowQuantity): number | null {
  const [name, figure] = quantity.split('.') as [string, Figure | undefined];
  if (figure === undefined) return OF_THE_RUN[name as keyof typeof OF_THE_RUN](flow);
  return MEASURED[name as Measured](flow)?.[figure] ?? null;
}

const COMPARE: Readonly<Record<Assertion['op'], (actual: number, value: number) => boolean>> = {
  '<': (actual, value) => actual < value,
  '<=': (actual, value) => actual <= value,
  '>': (actual, value) => actual > value,
  '>=': (actual, value) => actual >= value,
  '==': (actual, value) => actual === value,
};

/**
 * Each assertion for each lane it is about: the one that it names, or every lane that reports the flow (all of them, when none
 * does). What has no value holds nothing: an assertion without data is not ok.
 */
export function evaluateAssertions(assertions: readonly Assertion[], lanes: readonly string[], flows: readonly FlowSummary[]): readonly AssertionResult[] {
  return assertions.flatMap(({ flow, quantity, op, value, lane }) => {
    const ofFlow = flows.filter(({ id, samples }) => id === flow && samples > 0);
    const reporting = lanes.filter((name) => ofFlow.some((summary) => summary.lane === name));
    const asked = lane !== undefined ? [lane] : reporting.length > 0 ? reporting : lanes;
    return asked.map((name) => {
      const summary = ofFlow.find((candidate) => candidate.lane === name);
      const actual = summary ? valueOf(summary, quantity) : null;
      return { flow, lane: name, quantity, op, value, actual, ok: actual !== null && COMPARE[op](actual, value) };
    });
  });
}

/** `os-sg in flow: rtt_ms.p99 < 250 does not hold: it is 311.2` */
export function describeAssertion({ flow, lane, quantity, op, value, actual }: AssertionResult): string {
  return `${flow} in ${lane}: ${quantity} ${op} ${value} does not hold: ${actual === null ? 'there is no such value' : `it is ${actual}`}`;
}
