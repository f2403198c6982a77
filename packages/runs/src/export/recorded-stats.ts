import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { columnTick } from '@satsim/core';
import type { TickMetrics, TickUpdate } from '@satsim/core';
import { RecordedLines } from './recorded-lines.js';

/**
 * What ticks cost when they were computed, by `metrics/ticks.jsonl`: a trace does not say. How many links were looked at is in neither.
 * Ticks are asked for in their order. Of a tick that the run did not deliver nothing is known, nor beyond damage to the file.
 */
export class RecordedStats {
  readonly #metrics: RecordedLines<TickMetrics> | null;

  constructor(runDir: string, path: string) {
    this.#metrics = existsSync(join(runDir, path)) ? new RecordedLines(runDir, path, true) : null;
  }

  async on(tick: TickUpdate): Promise<TickUpdate> {
    let found: TickMetrics | undefined;
    if (this.#metrics) for await (const batch of this.#metrics.upTo((one) => one.tickIndex <= tick.tickIndex)) found = batch.at(-1);
    if (found?.tickIndex !== tick.tickIndex) return tick;
    const { runId, scenarioRef, tickIndex, simTimeMs, snapshot } = tick;
    const stats = { ...tick.stats, computeMs: found.computeMs, translateMs: found.translateMs };
    return tick.columns ? columnTick({ runId, scenarioRef, tickIndex, simTimeMs, snapshot, stats }, tick.columns) : { ...tick, stats };
  }

  async close(): Promise<void> {
    await this.#metrics?.close();
  }
}
