import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readRun, readRunDir } from '@satsim/core';
import type { RunRecord } from '@satsim/core';
import { defaultReportFile, reportRuns } from '@satsim/report';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { print, printJson } from '../output.js';
import { example } from '../program.js';
import { withRecordedPositions } from '../recorded-positions.js';
import { addFormatOption } from '../scenario-options.js';

interface ReportVerbOptions {
  readonly artifactsRoot: string;
  readonly out?: string;
  readonly format: 'text' | 'json';
}

export function define(command: Command): void {
  addFormatOption(addArtifactsRootOption(command.argument('<runs...>', 'run ids, the beginnings of them, or folders of runs')), ['text', 'json'])
    .option('--out <file>', 'where to, instead of report.html in the folder of the run')
    .addHelpText('after', example('satsim report 20261120T101500Z-iridium', 'satsim report 20261120T1015 20261120T1130 --out comparison.html'))
    .action(report);
}

async function report(names: readonly string[], { artifactsRoot, out, format }: ReportVerbOptions): Promise<void> {
  const records: RunRecord[] = [];
  for (const name of names) records.push(await recordOf(artifactsRoot, name));
  const written = await withRecordedPositions((positions) => reportRuns(records, { out: out ?? defaultReportFile(records), positions }));
  await (format === 'json' ? printJson({ ...written, runs: records.map(({ runId }) => runId) }) : print(written.file));
}

/** By its folder, wherever that is, or by its id. */
function recordOf(artifactsRoot: string, name: string): Promise<RunRecord> {
  return existsSync(join(name, 'manifests')) ? readRunDir(name) : readRun(artifactsRoot, name);
}
