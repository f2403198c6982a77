import type { FlowSample } from '@satsim/core';

/** What was measured; the rest of a sample is known to the lane. */
export type Measured = Pick<FlowSample, 'rttMs' | 'oneWayDelayMs' | 'lossPct' | 'goodputMbps'>;

/** Takes a measurement of a moment of the wall clock, Unix ms; in order for each flow. */
export type SampleWriter = (wallMs: number, measured: Measured) => void;

/** A flow whose packets are on their way. */
export interface RunningFlow {
  /** Called once a tick: tells what has become known since. @throws LaneError when it can't go on */
  poll(): void;
  /** Its time is over: what was sent before may still arrive, and is told; then its programs end. @param lastMs Unix ms */
  end(lastMs: number): Promise<void>;
  /** Ends its programs at once, and tells what is known. Safe while, and after, it ends. */
  stop(): Promise<void>;
}
