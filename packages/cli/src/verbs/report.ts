import { SatsimError } from '@satsim/core';
import type { RunRecord } from '@satsim/core';
import { defaultReportFile, reportRuns, reportSweep } from '@satsim/report';
import type { WrittenReport } from '@satsim/report';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { findRun } from '../find-run.js';
import { addSweepsRootOption, findSweep } from '../find-sweep.js';
import { print, printJson } from '../output.js';
import { example } from '../program.js';
import { withRecordedPositions } from '../recorded-positions.js';
import { addFormatOption } from '../scenario-options.js';

interface ReportVerbOptions {
  readonly artifactsRoot: string;
  readonly sweepsRoot: string;
  readonly out?: string;
  readonly format: 'text' | 'json';
}

export function define(command: Command): void {
  addFormatOption(
    addSweepsRootOption(
      addArtifactsRootOption(command.argument('<what...>', 'a run, several runs, or a sweep: ids (of runs also their beginnings) or folders')),
    ),
    ['text', 'json'],
  )
    .option('--out <file>', 'where to, instead of report.html in the folder of the run or the sweep, or reports/ beside the runs')
    .addHelpText(
      'after',
      example('satsim report 20261120T101500Z-iridium', 'satsim report 20261120T1015 20261120T1130 --out comparison.html', 'satsim report iridium-elevation'),
    )
    .action(report);
}

async function report(names: readonly string[], options: ReportVerbOptions): Promise<void> {
  const { out, format } = options;
  const sweeps = names.flatMap((name) => findSweep(options.sweepsRoot, name) ?? []);
  if (sweeps.length > 0 && names.length > 1) throw new SatsimError('USAGE', 'a sweep is reported alone', { hint: 'name one sweep, or only runs' });
  const { written, runs } = sweeps.length === 1 ? { written: await reportSweep(sweeps[0]!, out), runs: [] } : await reportOf(names, options);
  await (format === 'json' ? printJson({ ...written, runs, sweep: sweeps[0] ?? null }) : print(written.file));
}

async function reportOf(
  names: readonly string[],
  { artifactsRoot, out }: ReportVerbOptions,
): Promise<{ readonly written: WrittenReport; readonly runs: readonly string[] }> {
  const records: RunRecord[] = [];
  for (const name of names) records.push(await findRun(artifactsRoot, name));
  const written = await withRecordedPositions((positions) => reportRuns(records, { out: out ?? defaultReportFile(records), positions }));
  return { written, runs: records.map(({ runDir }) => runDir) };
}
