import type { Effort, Measurement } from './measurement.ts';
import type { Routed } from './cases.ts';
import type { FunctionShare } from './functions.ts';
import type { Pair } from './problem.ts';

/** What one measuring process is asked to do; it prints its answer as JSON. */
export interface EngineJob {
  /** A file with the specification in protobuf's binary form. */
  readonly spec: string;
  readonly dtMs: number;
  readonly routed: Routed;
  readonly workers: 1 | 2;
  readonly effort: Effort;
  /** Whether to say where the time goes. */
  readonly profile: boolean;
}
export interface EngineAnswer extends Measurement {
  /** ISLs at the first tick that was checked. */
  readonly isls: readonly Pair[];
  readonly profile?: readonly FunctionShare[];
}

/** A baseline's job; the file holds it with the problem in it. */
export interface BaselineJob {
  readonly dtMs: number;
  readonly routed: Routed;
  readonly effort: Effort;
  /** Unix ms at which to say what was found. */
  readonly checkAt: readonly number[];
}
export interface BaselineAnswer extends Measurement {
  /** Versions, and what was chosen. */
  readonly note?: string;
}
