import type { RunResult } from '../run/types.js';
import type { ArtifactStore } from './artifact-store.js';
import { SUMMARY_PATH } from './run-paths.js';

/** What `summary.json` holds. */
export interface RunSummary extends RunResult {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly linksEmitted: number;
  /** Mean over the delivered ticks; `null` without any. */
  readonly meanComputeMs: number | null;
  /** Wall clock, from start to end of the run. */
  readonly durationMs: number;
  /** Simulated seconds per second of wall clock, over the whole run. */
  readonly speedUp: number;
  readonly warnings: readonly string[];
  /** Paths relative to the run directory, of files that the run wrote itself. */
  readonly artifacts: Readonly<Record<string, string>>;
}

/** @throws SatsimError ARTIFACTS */
export async function writeSummary(store: ArtifactStore, summary: RunSummary): Promise<void> {
  await store.writeFile(SUMMARY_PATH, text(summary));
}

/** For a process that is about to exit. */
export function writeSummaryNow(store: ArtifactStore, summary: RunSummary): void {
  store.writeFileNow(SUMMARY_PATH, text(summary));
}

function text(summary: RunSummary): string {
  return `${JSON.stringify(summary, null, 2)}\n`;
}
