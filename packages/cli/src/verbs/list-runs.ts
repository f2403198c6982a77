import { listRuns } from '@satsim/core';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { print, printJson, tell } from '../output.js';
import { placeOf } from '../place-of.js';
import { example } from '../program.js';
import { addFormatOption } from '../scenario-options.js';
import { formatTable } from '../table.js';

export function define(command: Command): void {
  addFormatOption(addArtifactsRootOption(command), ['text', 'json'])
    .addHelpText('after', example('satsim list-runs', 'satsim list-runs --format json'))
    .action(list);
}

async function list({ artifactsRoot, format }: { readonly artifactsRoot: string; readonly format: 'text' | 'json' }): Promise<void> {
  const runs = await listRuns(artifactsRoot);
  if (format === 'json') return printJson(runs);
  if (runs.length === 0) return tell(`no runs in ${placeOf(artifactsRoot)}`);
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
