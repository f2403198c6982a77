import type { NetworkNode } from './network.js';
import type { FlowSample, TickMetrics } from './results.js';
import type { Scenario } from './scenario.js';
import type { ArtifactArea, Logger, RunInfo } from './services.js';
import type { Ephemeris } from './tick-source.js';
import type { EngineEvent, TickUpdate, UnixMs } from './tick.js';

export type RunOutcome = 'completed' | 'stopped' | 'interrupted' | 'failed';

/**
 * Writes what a run says into a format of its own. Calls come one at a time and in order; a rejected call fails the
 * exporter, never silently.
 */
export interface Exporter {
  /** Called once, before anything else. */
  open(): Promise<void>;
  writeTick?(tick: TickUpdate): Promise<void>;
  writeEvents?(events: readonly EngineEvent[]): Promise<void>;
  writeResults?(samples: readonly FlowSample[]): Promise<void>;
  writeMetrics?(metrics: TickMetrics): Promise<void>;
  /** Flushes and closes. May be called twice; a write afterwards rejects. */
  close(outcome: RunOutcome): Promise<void>;
}

export interface ExporterDeps<Config = unknown> {
  readonly config: Config;
  readonly run: RunInfo;
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  readonly logger: Logger;
  /** The run directory itself: exporters write to its `results/`, `metrics/` or a folder of their own. */
  readonly artifacts: ArtifactArea;
  /** Positions of nodes at an instant, where the tick source has them. */
  readonly ephemeris: ((timeMs: UnixMs) => Promise<Ephemeris>) | null;
}
