import { handleSignals, isSatsimError, readRunDir } from '@satsim/core';
import type { RunResult } from '@satsim/core';
import type { Command } from 'commander';
import { executePlan } from '../execute-plan.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { planFile } from '../plan-file.js';
import { describePlan, planAsJson } from '../plan-summary.js';
import { takeInterrupts } from '../interrupts.js';
import { example } from '../program.js';
import { withRecordedPositions } from '../recorded-positions.js';
import { describeError } from '../report-error.js';
import { describeResult } from '../run-summary.js';
import { addChoiceOptions, addFormatOption, addLogLevelOption, addScenarioOptions, collect } from '../scenario-options.js';
import type { ChoiceOptions, ScenarioOptions } from '../scenario-options.js';

interface RunVerbOptions extends ScenarioOptions, ChoiceOptions {
  readonly tag?: readonly string[];
  readonly dryRun?: true;
  readonly report?: true;
  readonly format: 'text' | 'json';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

export function define(command: Command): void {
  addChoiceOptions(addScenarioOptions(command))
    .option('--tag <text>', 'a label for the run manifest (repeatable)', collect)
    .option('--report', 'write report.html into the run directory at the end, as `satsim report` does')
    .option('--dry-run', 'plan only, without side effect');
  addLogLevelOption(addFormatOption(command, ['text', 'json']))
    .addHelpText(
      'after',
      example(
        'satsim run examples/iridium.satsim.yaml',
        'satsim run examples/iridium.satsim.yaml --t1 2026-11-20T00:01:00Z --seed 7 --tag short --format json',
        'satsim run examples/iridium.satsim.yaml --report',
        'satsim run examples/iridium.satsim.yaml --exporter jsonl --exporter csv --set links.gsl.min_elevation_deg=15',
      ),
    )
    .action(run);
}

async function run(file: string, options: RunVerbOptions): Promise<void> {
  const { plan } = await planFile(file, options, options.dryRun !== true);
  if (options.dryRun === true) return options.format === 'json' ? await printJson(planAsJson(plan)) : await print(describePlan(plan));
  for (const warning of plan.warnings) await tell(`warning: ${warning}`);
  // Held until the result is told: a signal that comes when the run is over changes nothing about it any more.
  const signals = handleSignals(takeInterrupts);
  try {
    const { tag: tags = [], logLevel, artifactsRoot } = options;
    const result = await executePlan(plan, { tags, logLevel, signals, ...(artifactsRoot === undefined ? {} : { chosenBy: '--artifacts-root' }) });
    // Before anything is printed: the reader of stdout may be gone, and that ends the process.
    process.exitCode = result.exitCode;
    const report = options.report === true ? await writeReport(result) : null;
    await (options.format === 'json' ? printJson(report === null ? result : { ...result, report }) : print(describeResult(result)));
    if (report !== null && options.format === 'text') await print(`report ${placeOf(report)}`);
    if (result.error !== null) await tell(describeError(result.error));
  } finally {
    signals.release();
  }
}

/** The report of a run that is over, however it ended. A report that fails is told; the run's own result stands. @returns the file */
async function writeReport({ runDir }: RunResult): Promise<string | null> {
  try {
    const { defaultReportFile, reportRuns } = await import('@satsim/report');
    const record = await readRunDir(runDir);
    const { file } = await withRecordedPositions((positions) => reportRuns([record], { out: defaultReportFile([record]), positions }));
    return file;
  } catch (error) {
    if (!isSatsimError(error)) throw error;
    process.exitCode ||= error.exitCode;
    await tell(describeError(error));
    return null;
  }
}
