import { createRun } from '@satsim/core';
import type { RunPlan, RunResult, RunSignals } from '@satsim/core';
import { ProgressDisplay } from './progress.js';

export interface ExecuteOptions {
  readonly tags: readonly string[];
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** The option that decides where the run goes, where that is not the scenario. */
  readonly chosenBy?: string;
  /** Of a run in real time. */
  readonly speed?: number;
  readonly signals: RunSignals;
}

/** Makes the run of a plan and sees it through, with its progress on stderr. */
export async function executePlan(plan: RunPlan, { tags, logLevel, chosenBy, speed, signals }: ExecuteOptions): Promise<RunResult> {
  const display = new ProgressDisplay(process.stderr);
  try {
    const run = await createRun(plan, {
      tags,
      command: ['satsim', ...process.argv.slice(2)],
      startEngine: async (signal) => (await import('@satsim/geomrf-engine')).startEmbeddedEngine(signal),
      ...(chosenBy === undefined ? {} : { chosenBy }),
      ...(speed === undefined ? {} : { speed }),
      onProgress: (progress) => display.show(progress),
      console: { level: logLevel, stream: display.log },
    });
    // A defect ends the process without asking anybody, but not without a true manifest.
    process.on('uncaughtExceptionMonitor', (error) => run.terminate(error.message));
    display.start(run.runId, plan);
    signals.attach(run);
    return await run.start();
  } finally {
    display.end();
  }
}
