import { dirname, resolve } from 'node:path';
import { SatsimError } from '@satsim/core/records';
import type { RunRecord } from '@satsim/core/records';
import { collectRuns, momentOf, removeRuns } from '@satsim/runs';
import type { Removal } from '@satsim/runs';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { findRun } from '../find-run.js';
import { print, printJson, tell } from '../output.js';
import { example } from '../program.js';
import { addRunChoice, filterOf, wholeNumber } from '../run-choice.js';
import type { RunChoice } from '../run-choice.js';
import { addFormatOption, collect } from '../scenario-options.js';

interface RemoveOptions {
  readonly artifactsRoot: string;
  readonly dryRun?: boolean;
  readonly format: 'text' | 'json';
}

interface GcOptions extends RemoveOptions, RunChoice {
  readonly keepLast?: number;
  readonly olderThan?: string;
  readonly exceptTag?: readonly string[];
}

const NOTE = '\nA run that still goes on is never removed, nor one of another machine whose files have changed within ten minutes.\n';

export function defineRm(command: Command): void {
  addFormatOption(addArtifactsRootOption(command.argument('<runs...>', 'run ids, the beginnings of them, or folders of runs')), ['text', 'json'])
    .option('--dry-run', 'only show what would be removed')
    .addHelpText('after', NOTE + example('satsim runs rm 20261120T101500Z-iridium --dry-run', 'satsim runs rm 20261120T101500Z 20261120T101600Z'))
    .action(rm);
}

export function defineGc(command: Command): void {
  addFormatOption(addRunChoice(addArtifactsRootOption(command)), ['text', 'json'])
    .option('--older-than <duration>', 'started longer ago than this, such as 30d')
    .option('--except-tag <text>', 'none with this tag (repeatable: with none of them)', collect)
    .option('--keep-last <number>', 'of those that meet all conditions, the newest so many stay', wholeNumber)
    .option('--dry-run', 'only show what would be removed')
    .addHelpText(
      'after',
      '\nWithout a condition nothing is removed: --keep-last 0 is for all runs.' +
        NOTE +
        example(
          'satsim runs gc --older-than 30d --except-tag keep --dry-run',
          'satsim runs gc --outcome failed --outcome crashed --keep-last 3',
          'satsim runs gc --name "sweep-*" --older-than 7d --format json',
        ),
    )
    .action(gc);
}

async function rm(ids: readonly string[], { artifactsRoot, dryRun = false, format }: RemoveOptions): Promise<void> {
  const runs = new Map<string, RunRecord>();
  // All are found before the first is removed; one that is named twice is one.
  for (const id of ids) {
    const run = certain(await findRun(artifactsRoot, id), artifactsRoot);
    runs.set(run.runDir, run);
  }
  const removals = await removeRuns(artifactsRoot, [...runs.values()], dryRun);
  await report(removals, dryRun, format);
  const kept = dryRun ? [] : removals.filter((removal) => removal.kept !== null);
  if (kept.length === 0) return;
  // stdout has told its part already: what is printed there is one object.
  const why = kept.map(({ runId, kept: reason }) => `${runId} is not removed: ${reason}`).join('; ');
  const error = new SatsimError('RUN_STATE', why, { hint: 'stop it first, or wait' });
  const { describeError } = await import('../report-error.js');
  await tell(describeError(error));
  process.exitCode = error.exitCode;
}

/** Elsewhere than among the runs, a folder that merely looks like one is not to be removed. */
function certain(run: RunRecord, artifactsRoot: string): RunRecord {
  if (run.manifest !== null || dirname(run.runDir) === resolve(artifactsRoot)) return run;
  throw new SatsimError('USAGE', `${run.runDir} is not removed: it has no manifest of a run that can be read`, { hint: 'if it is a run, remove it by hand' });
}

async function gc({ artifactsRoot, dryRun = false, format, keepLast, olderThan, exceptTag, ...choice }: GcOptions): Promise<void> {
  const filter = filterOf(choice);
  const olderMs = olderThan === undefined ? undefined : momentOf('--older-than', olderThan, Date.now());
  const untilMs = olderMs === undefined ? filter.untilMs : Math.min(olderMs, filter.untilMs ?? Infinity);
  const whole = { ...filter, exceptTags: exceptTag ?? [], untilMs };
  await report(await collectRuns(artifactsRoot, { filter: whole, keepLast }, dryRun), dryRun, format);
}

async function report(removals: readonly Removal[], dryRun: boolean, format: 'text' | 'json'): Promise<void> {
  if (format === 'json') return printJson(removals);
  if (removals.length === 0) return tell('nothing is to be removed');
  await print(
    removals
      .map(({ runId, bytes, kept }) => {
        if (kept !== null) return `stays    ${runId}: ${kept}`;
        return `${dryRun ? 'would go' : 'removed '} ${runId} (${(bytes / 2 ** 20).toFixed(1)} MiB)`;
      })
      .join('\n'),
  );
}
