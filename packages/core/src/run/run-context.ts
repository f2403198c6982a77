import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { ManifestFile } from '../artifacts/run-manifest.js';
import type { RunLog } from '../logging/run-log.js';
import type { RunProcesses } from '../process/process-runner.js';
import type { Cleanup } from './cleanup.js';
import type { ProgressMeter } from './progress.js';
import type { RunControl } from './run-control.js';
import type { ExporterRunner } from './exporter-runner.js';
import type { LaneRunner } from './lane-runner.js';
import type { ResultsHub } from './results-hub.js';
import type { MetricsRecorder } from './tick-metrics.js';
import type { RunOptions, RunPlan } from './types.js';

/** What the stages of one run share. */
export interface RunContext {
  readonly plan: RunPlan;
  readonly options: RunOptions;
  readonly runId: string;
  readonly store: ArtifactStore;
  readonly manifest: ManifestFile;
  readonly log: RunLog;
  readonly control: RunControl;
  readonly cleanup: Cleanup;
  readonly processes: RunProcesses;
  readonly progress: ProgressMeter;
  readonly warnings: string[];
  /** Filled while preparing; what isn't there yet is empty or `null`. */
  lanes: readonly LaneRunner[];
  exporters: readonly ExporterRunner[];
  results: ResultsHub | null;
  metrics: MetricsRecorder | null;
  /** Known when the trace is closed. */
  traceSha256: string | null;
}

/** Logs it and keeps it for the summary, once. */
export function warn(context: RunContext, message: string): void {
  if (context.warnings.includes(message)) return;
  context.warnings.push(message);
  context.log.logger.warn({}, message);
}
