import type { FlowSample } from '@satsim/core';

/** What was measured; the rest of a sample is known to the lane. */
export type Measured = Pick<FlowSample, 'rttMs' | 'oneWayDelayMs' | 'lossPct' | 'goodputMbps'>;

/** Takes a measurement of a moment of the wall clock, Unix ms; in order for each flow. */
export type SampleWriter = (wallMs: number, measured: Measured) => void;

/** A flow whose packets are on their way. */
export interface RunningFlow {
  /** Called once a tick: tells what has become known since. @throws LaneError when it can't go on */
  poll(): void;
  /** Ends its programs, and tells what is left to tell. */
  stop(): Promise<void>;
}
