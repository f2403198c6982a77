import type { NetworkNode } from './network.js';
import type { ResultsSink } from './results.js';
import type { Scenario } from './scenario.js';
import type { ArtifactArea, Logger, ProcessRunner, RunInfo } from './services.js';
import type { TickUpdate } from './tick.js';

/**
 * Turns ticks into something: an emulated network, a simulation, an analysis. A lane writes these functions and nothing
 * else: state, order, timing and abort belong to the runner.
 */
export interface LaneAdapter {
  /** Called once, before any tick. Builds everything, or throws and leaves nothing behind. */
  prepare(signal: AbortSignal): Promise<void>;
  /**
   * Called once a tick, in order, never twice at a time. Resolves when the tick is really in force; the tick must not
   * be changed. Rejects within 1 s of the signal's abort.
   */
  applyTick(tick: TickUpdate, signal: AbortSignal): Promise<void>;
  /** Called at the end whatever happened: safe before `prepare`, after a failure, and twice. */
  finalize(): Promise<void>;
  health?(): Promise<LaneHealth>;
}

export interface LaneHealth {
  readonly ok: boolean;
  readonly detail: string;
}

export interface LaneDeps<Config = unknown> {
  /** The lane's own block of the scenario, parsed by the lane's schema. */
  readonly config: Config;
  readonly run: RunInfo;
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  readonly logger: Logger;
  readonly artifacts: ArtifactArea;
  readonly processes: ProcessRunner;
  readonly results: ResultsSink;
}
