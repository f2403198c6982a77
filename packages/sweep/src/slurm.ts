import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { openArtifactArea, SatsimError } from '@satsim/core';
import { CHOSEN_BY } from './chosen-by.js';
import { cellAssignments } from './plan-cells.js';
import type { PreparedSweep } from './prepare-sweep.js';
import { type SweepCommand, withSweepFolder } from './run-sweep.js';
import { concludeSweep, type SweepResult } from './sweep-result.js';
import { cellTags } from './tagged-runs.js';

export interface SlurmOptions extends SweepCommand {
  /** How many tasks may run at once; `null`: as many as the cluster gives. */
  readonly jobs: number | null;
  /** The command, with the arguments that every run has (`--plugin`). */
  readonly program: readonly string[];
  readonly runArguments: readonly string[];
  readonly cwd: string;
}

const SCRIPT = 'slurm.sh';
/** Slurm takes numbers of tasks below its MaxArraySize, which is 1001 where nobody has changed it. */
const MOST_TASKS = 1000;
const CELL_LIST = 'slurm-cells.txt';

export interface SlurmFiles {
  readonly script: string;
  readonly cells: string;
  readonly tasks: number;
  /** Command lines that start them all: one for each array, of 1000 tasks at most. */
  readonly submit: readonly string[];
  readonly result: SweepResult;
}

/**
 * Writes an array script for `sbatch`, with a list that has the arguments of one run a line, for the cells that are to run.
 * @throws SatsimError USAGE when there is none
 */
export async function emitSlurm(sweep: PreparedSweep, options: SlurmOptions): Promise<SlurmFiles> {
  const toRun = sweep.cells.filter((cell) => cell.toRun);
  if (toRun.length === 0) throw new SatsimError('USAGE', 'no cell is to run', { hint: '--explain says of each why' });
  const files = { script: join(sweep.sweepDir, SCRIPT), cells: join(sweep.sweepDir, CELL_LIST), tasks: toRun.length };
  const lines = toRun.map(({ cell }) => {
    const set = cellAssignments(sweep.definition, cell).flatMap((assignment) => ['--set', assignment]);
    const tags = cellTags(sweep.sweepId, cell.cell).flatMap((tag) => ['--tag', tag]);
    return ['run', sweep.definition.scenario, ...set, ...tags, ...options.runArguments].map(quoted).join(' ');
  });
  const result = await withSweepFolder(sweep, 'planned', options, async () => {
    const area = await openArtifactArea(sweep.sweepDir, CHOSEN_BY);
    await area.writeFile(CELL_LIST, `${lines.join('\n')}\n`);
    await area.writeFile(SCRIPT, script(sweep, files, options));
    await chmod(files.script, 0o755);
    return { ...(await concludeSweep(sweep, sweep.cells, { ran: 0, interrupted: false })), state: 'planned', error: null, exitCode: 0 };
  });
  const arrays = Array.from({ length: Math.ceil(files.tasks / MOST_TASKS) }, (_, array) => array * MOST_TASKS);
  const submit = arrays.map((before) =>
    ['sbatch', ...(before === 0 ? [] : [`--array=${arrayOf(files.tasks - before, options)}`]), quoted(files.script), ...(before === 0 ? [] : [before])].join(
      ' ',
    ),
  );
  return { ...files, submit, result };
}

function arrayOf(tasks: number, { jobs }: Pick<SlurmOptions, 'jobs'>): string {
  return `1-${Math.min(tasks, MOST_TASKS)}${jobs === null ? '' : `%${jobs}`}`;
}

/** As sbatch reads the options of a script: quotes and backslashes as in a shell, and `%` stands for something in the name of a file. */
function logPath(sweepDir: string): string {
  return `"${sweepDir.replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%')}/slurm-%A_%a.log"`;
}

function script({ sweepId, sweepDir }: PreparedSweep, { cells, tasks }: Pick<SlurmFiles, 'cells' | 'tasks'>, options: SlurmOptions): string {
  const { program, cwd } = options;
  return `#!/bin/bash
#SBATCH --job-name=satsim-${sweepId}
#SBATCH --array=${arrayOf(tasks, options)}
#SBATCH --ntasks=1
#SBATCH --output=${logPath(sweepDir)}
# Cells of the sweep ${sweepId}, one a task: line SLURM_ARRAY_TASK_ID of the list has the arguments of its run. With a number as
# the argument of this script the lines are those after that one, for the second array of many cells: its first task has line 1001.
# Options of sbatch (--time, --mem, --partition) can be given on its command line. SATSIM replaces the command.
set -euo pipefail
cd ${quoted(cwd)}
task=$((\${SLURM_ARRAY_TASK_ID:?start this with sbatch} + \${1:-0}))
line=$(sed -n "\${task}p" ${quoted(cells)})
[ -n "$line" ] || { echo "task $task has no cell in the list" >&2; exit 2; }
# Written with every argument quoted.
eval "arguments=($line)"
if [ -n "\${SATSIM:-}" ]; then exec "$SATSIM" "\${arguments[@]}"; fi
exec ${program.map(quoted).join(' ')} "\${arguments[@]}"
`;
}

/** For a POSIX shell, on one line. */
export function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
