import { quantile } from '../artifacts/numbers.js';
import type { FlowSeries } from './flow-series.js';

/** Samples of two lanes at the same sim time, by their indices. */
export type SamplePair = readonly [one: number, other: number];
export interface SamplePairs {
  readonly steady: readonly SamplePair[];
  readonly onHandover: readonly SamplePair[];
  /** Milliseconds between samples: the shorter of both medians; 0 of a single one. */
  readonly intervalMs: number;
}

/**
 * To each sample of the first series the nearest of the other one, where it is within half of the shorter of both intervals.
 * A pair is on a handover when either lane has another satellite at an end for the first time, or has it while the packet
 * is on its way: then the lanes may rightly differ.
 */
export function pairSamples(one: FlowSeries, other: FlowSeries): SamplePairs {
  const [times, otherTimes] = [one.times.values(), other.times.values()];
  const intervalMs = Math.min(interval(times), interval(otherTimes));
  const reach = intervalMs / 2;
  const handovers = [...one.handoverTimes(), ...other.handoverTimes()].sort((a, b) => a - b);
  const [rtt, otherRtt] = [one.rttMs.values(), other.rttMs.values()];
  const steady: SamplePair[] = [];
  const onHandover: SamplePair[] = [];
  let near = 0;
  let next = 0;
  for (let i = 0; i < times.length; i += 1) {
    const at = times[i]!;
    while (near + 1 < otherTimes.length && Math.abs(otherTimes[near + 1]! - at) <= Math.abs(otherTimes[near]! - at)) near += 1;
    if (otherTimes.length === 0 || Math.abs(otherTimes[near]! - at) > reach) continue;
    const from = Math.min(at, otherTimes[near]!);
    const to = Math.max(at + (rtt[i]! || 0), otherTimes[near]! + (otherRtt[near]! || 0));
    while (next < handovers.length && handovers[next]! < from) next += 1;
    (next < handovers.length && handovers[next]! <= to ? onHandover : steady).push([i, near]);
  }
  return { steady, onHandover, intervalMs };
}

/** Between successive samples, the median; 0 when there is none. */
function interval(times: Float64Array): number {
  if (times.length < 2) return 0;
  return quantile(
    times
      .subarray(1)
      .map((time, i) => time - times[i]!)
      .sort(),
    0.5,
  );
}
