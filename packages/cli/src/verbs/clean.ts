import { messageOf, SatsimError } from '@satsim/core';
import type { LaneRemains } from '@satsim/core';
import type { Command } from 'commander';
import { print, printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { example } from '../program.js';
import { describeError } from '../report-error.js';
import { addFormatOption, addPluginOption } from '../scenario-options.js';

interface CleanOptions {
  readonly plugin?: readonly string[];
  readonly dryRun?: true;
  readonly format: 'text' | 'json';
}

interface Report {
  readonly lane: string;
  readonly runId: string;
  readonly things: readonly string[];
  /** What could not be removed; all of it with --dry-run. */
  readonly left: readonly string[];
}

export function define(command: Command): void {
  addFormatOption(addPluginOption(command), ['text', 'json'])
    .option('--dry-run', 'only show what would be removed')
    .addHelpText(
      'after',
      `\nOnly what a run wrote down before it made it is removed; runs that go on are left alone.\n${example('satsim clean --dry-run', 'satsim clean')}`,
    )
    .action(clean);
}

async function clean({ plugin, dryRun, format }: CleanOptions): Promise<void> {
  const registry = await findPlugins(plugin);
  const reports: Report[] = [];
  for (const lane of registry.names('lane')) {
    let found: readonly LaneRemains[];
    try {
      found = (await (await registry.load('lane', lane)).definition.remains?.()) ?? [];
    } catch (error) {
      // A lane that cannot be loaded has not run here either, most likely; the others are still cleaned.
      await tell(`lane ${lane} cannot be asked: ${messageOf(error)}`);
      continue;
    }
    for (const remains of found) reports.push({ lane, runId: remains.runId, things: remains.things, left: dryRun ? remains.things : await remains.remove() });
  }
  await (format === 'json' ? printJson(reports) : print(describe(reports, dryRun === true)));
  const left = dryRun ? [] : reports.flatMap((report) => report.left);
  if (left.length === 0) return;
  // Not thrown: stdout has told all there is to tell already.
  const error = new SatsimError('LANE_FAILED', `these could not be removed: ${left.join(', ')}`, { hint: 'try as root' });
  await tell(describeError(error));
  process.exitCode = error.exitCode;
}

function describe(reports: readonly Report[], dryRun: boolean): string {
  if (reports.length === 0) return 'nothing is left of any run';
  return reports
    .flatMap(({ lane, runId, things, left }) => [
      `${runId} (lane ${lane})`,
      ...(things.length === 0
        ? ['  only its ledger']
        : things.map((thing) => `  ${dryRun ? 'would remove' : left.includes(thing) ? 'still there' : 'removed'}  ${thing}`)),
    ])
    .join('\n');
}
