import { findListedRuns } from '@satsim/runs';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { example } from '../program.js';
import { addRunChoice, filterOf, wholeNumber } from '../run-choice.js';
import type { RunChoice } from '../run-choice.js';
import { addFormatOption } from '../scenario-options.js';

interface ListOptions extends RunChoice {
  readonly artifactsRoot: string;
  readonly limit?: number;
  readonly format: 'text' | 'json' | 'csv';
}

const HEADER = ['runId', 'runDir', 'name', 'tags', 'status', 'startedAt', 'endedAt', 'ticks', 'reason', 'problems'] as const;

export function define(command: Command): void {
  addFormatOption(addRunChoice(addArtifactsRootOption(command)), ['text', 'json', 'csv'])
    .option('--limit <number>', 'at most so many, the newest', wholeNumber)
    .addHelpText(
      'after',
      example(
        'satsim list-runs',
        'satsim list-runs --name "iridium*" --outcome completed --since 7d --format json',
        'satsim list-runs --since 7d --format csv > runs.csv',
        "satsim list-runs --tag paper --param 'links.gsl.min_elevation_deg>=25' --limit 10",
      ),
    )
    .action(list);
}

async function list({ artifactsRoot, limit, format, ...choice }: ListOptions): Promise<void> {
  const runs = await findListedRuns(artifactsRoot, { ...filterOf(choice), limit });
  if (format === 'json') return printJson(runs);
  if (format === 'csv') return (await import('../print-rows.js')).printCsv(runs, HEADER);
  if (runs.length === 0) return tell(`no runs${Object.keys(choice).length > 0 || limit === 0 ? ' like this' : ''} in ${placeOf(artifactsRoot)}`);
  // It takes longer to load than ten thousand runs take to print.
  const { formatTable } = await import('../table.js');
  await print(
    formatTable(runs, [
      { title: 'run', value: (run) => run.runId },
      { title: 'status', value: (run) => run.status },
      { title: 'ticks', value: (run) => run.ticks, align: 'right' },
      { title: 'started', value: (run) => run.startedAt },
      { title: 'tags', value: (run) => run.tags.join(', ') },
      { title: 'reason', value: (run) => [run.reason ?? [], run.problems].flat().join('; ') },
    ]),
  );
}
