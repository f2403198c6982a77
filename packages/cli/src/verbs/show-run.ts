import type { LaneProvenance, RunPace, RunRecord } from '@satsim/core';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { A_RUN, findRun } from '../find-run.js';
import { print, printJson } from '../output.js';
import { placeOf } from '../place-of.js';
import { example } from '../program.js';
import { describeResult } from '../run-summary.js';
import { addFormatOption } from '../scenario-options.js';

export function define(command: Command): void {
  addFormatOption(addArtifactsRootOption(command.argument('<run>', A_RUN)), ['text', 'json'])
    .addHelpText('after', example('satsim show-run 20261120T101500Z-iridium', 'satsim show-run 20261120 --format json'))
    .action(show);
}

async function show(id: string, { artifactsRoot, format }: { readonly artifactsRoot: string; readonly format: 'text' | 'json' }): Promise<void> {
  const record = await findRun(artifactsRoot, id);
  await (format === 'json' ? printJson(record) : print(describeRecord(record)));
}

function describeRecord(record: RunRecord): string {
  const { manifest, summary, reason, problems, tags } = record;
  return [
    // A summary that tells another end than the manifest is not the one to show: the manifest is written last.
    summary?.outcome === record.status
      ? describeResult({ ...summary, runId: record.runId, runDir: record.runDir })
      : `${record.runId} ${record.status}\n\nfiles  ${placeOf(record.runDir)}`,
    ...paceLines(summary?.pace),
    ...(manifest === null ? [] : manifestLines(manifest)),
    ...(tags.length === 0 ? [] : [`tags   ${tags.join(', ')}`]),
    ...(reason === null ? [] : [`reason ${reason}`]),
    ...problems.map((problem) => `wrong  ${problem}`),
  ].join('\n');
}

/** How a run by the wall clock kept up with it. */
function paceLines(pace: RunPace | null | undefined): string[] {
  if (!pace) return [];
  const { lateTicks, latestMs, skippedTicks } = pace;
  const late = lateTicks === 0 ? 'no tick was late' : `${lateTicks} ticks were late, the latest by ${latestMs.toFixed(1)} ms`;
  return [`pace   ${late}${skippedTicks === 0 ? '' : `; ${skippedTicks} were skipped`}`];
}

function manifestLines(manifest: NonNullable<RunRecord['manifest']>): string[] {
  const { scenario, seed, t0, t1, dtMs, mode, lanes, engine, provenance = {}, startedAt, endedAt } = manifest;
  return [
    `from   ${placeOf(scenario.file)}, seed ${seed}`,
    `time   ${t0} to ${t1}, dt ${dtMs / 1000} s, ${mode}`,
    `lanes  ${lanes.join(', ')}`,
    `engine ${engine === null ? 'never reached' : engine.engineVersion}`,
    ...Object.entries(provenance).flatMap(([lane, told]) => provenanceLines(lane, told)),
    `ran    ${startedAt}${endedAt === null ? '' : ` to ${endedAt}`}`,
  ];
}

/** `ns3    ns-3 3.37 (compiler g++ 12.2.0); buildKey 3f91…` */
function provenanceLines(lane: string, { software, facts }: LaneProvenance): string[] {
  const used = software.map(({ name, version, details = {} }) => {
    const more = Object.entries(details).map(([key, value]) => `${key} ${value}`);
    return `${name} ${version ?? 'of unknown version'}${more.length === 0 ? '' : ` (${more.join(', ')})`}`;
  });
  const parts = [...used, ...Object.entries(facts).map(([key, value]) => `${key} ${value}`)];
  return parts.map((part, index) => `${(index === 0 ? lane : '').padEnd(6)} ${part}`);
}
