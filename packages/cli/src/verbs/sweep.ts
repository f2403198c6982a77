import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SatsimError } from '@satsim/core';
import {
  describeCell,
  emitSlurm,
  flatTable,
  formatCsv,
  ingestRuns,
  loadBegunSweep,
  loadSweep,
  parseGrid,
  parseMatchers,
  parseSet,
  prepareSweep,
  runSweep,
} from '@satsim/sweep';
import type { PreparedSweep, Rerun, SweepCommand, SweepProgress, SweepResult } from '@satsim/sweep';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { addSweepsRootOption, findSweep } from '../find-sweep.js';
import { takeInterrupts, interruptible } from '../interrupts.js';
import { print, printJson, tell } from '../output.js';
import { findPlugins } from '../plan-file.js';
import { printRows } from '../print-rows.js';
import { example, version } from '../program.js';
import { describeError } from '../report-error.js';
import { addFormatOption, addPluginOption, collect } from '../scenario-options.js';
import { planCellsOf } from '../sweep-cells.js';
import { describeSweep, statusOf } from '../sweep-table.js';

interface SweepVerbOptions {
  readonly set?: readonly string[];
  readonly grid?: readonly string[];
  readonly replicates?: number;
  readonly seed?: number;
  readonly name?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly plugin?: readonly string[];
  readonly jobs?: number;
  readonly maxMemory?: number;
  readonly failFast?: true;
  readonly resume?: true;
  readonly takeOver?: true;
  readonly rerun: Rerun;
  readonly explain?: true;
  readonly backend: 'local' | 'slurm';
  readonly ingest?: string | true;
  readonly sweepsRoot: string;
  readonly format: 'text' | 'json' | 'csv';
}

/** Of the memory that is free at the start; what else runs here wants some, too. */
const SHARE_OF_MEMORY = 0.8;

export function define(command: Command): void {
  command
    .argument('<file>', 'a sweep (*.sweep.yaml), a scenario, or with --resume the id of a sweep, or its folder')
    .option('--grid <path=v1,v2>', 'values of a field of the scenario: every combination with the others (repeatable)', collect)
    .option('--replicates <number>', 'how often each combination runs, each time with another seed', whole(1))
    .option('--set <path=value>', 'a field of the scenario, the same in every cell (repeatable)', collect)
    .option('--seed <number>', 'of what is drawn, and of the seeds of replicates', whole(0))
    .option('--name <name>', 'the id of the sweep; by default the name of the file')
    .option('--include <parameter=v1,v2>', 'only these cells, this time; also by `cell` and `replicate` (repeatable)', collect)
    .option('--exclude <parameter=v1,v2>', 'not these cells, this time (repeatable)', collect)
    .option('-j, --jobs <number>', 'cells at the same time; by default by cores and memory, one where a lane needs the wall clock', whole(1))
    .option('--max-memory <MiB>', 'for all cells together, of which one always runs; by default 80 % of what is free', whole(1))
    .option('--keep-going', 'go on after a cell that failed: the default')
    .addOption(new Option('--fail-fast', 'start no cell after one that failed').conflicts('keepGoing'))
    .addOption(
      new Option('--resume', 'go on with a sweep as it was begun, whatever its file says now').conflicts(['set', 'grid', 'replicates', 'seed', 'name']),
    )
    .option('--take-over', 'from another machine on which the sweep was begun and, as you know, goes on no more')
    .addOption(new Option('--rerun <which>', 'cells without a result, those that failed, or all').choices(['missing', 'failed', 'all']).default('missing'))
    .option('--explain', 'which cells would run, and why; nothing runs')
    .addOption(new Option('--backend <name>', 'run here, or write an array script for Slurm').choices(['local', 'slurm']).default('local'))
    .option('--ingest [folder]', 'take runs that were made elsewhere into the table; nothing runs');
  addFormatOption(addPluginOption(addSweepsRootOption(command)), ['text', 'json', 'csv'])
    .addHelpText(
      'after',
      example(
        'satsim sweep examples/iridium-elevation.sweep.yaml -j 2',
        "satsim sweep examples/iridium.satsim.yaml --grid 'links.gsl.min_elevation_deg=10,15,25' --replicates 3 --set time.duration=10s",
        'satsim sweep examples/iridium-elevation.sweep.yaml --explain',
        'satsim sweep examples/iridium-elevation.sweep.yaml --rerun failed --include links.gsl.policy=max_elevation',
        'satsim sweep examples/iridium-elevation.sweep.yaml --backend slurm -j 50',
        'satsim sweep examples/iridium-elevation.sweep.yaml --ingest',
      ),
    )
    .action(sweep);
}

async function sweep(file: string, options: SweepVerbOptions): Promise<void> {
  const begun = statSync(file, { throwIfNoEntry: false })?.isFile() ? null : findSweep(options.sweepsRoot, file);
  if (options.resume !== true && begun !== null) throw new SatsimError('USAGE', `${file} is a sweep that was begun, no file`, { hint: 'add --resume' });
  const [target, sweepsRoot] = begun === null ? [file, options.sweepsRoot] : [basename(begun), dirname(begun)];
  const loaded = options.resume === true ? await loadBegunSweep(target, sweepsRoot) : await loadSweep(file, additionsOf(options));
  const { scenario } = loaded.definition;
  const plugins = options.plugin?.map((word) => (word.startsWith('.') ? resolve(word) : word)) ?? loaded.plugins;
  const registry = await findPlugins(plugins);
  const runsHere = options.backend === 'local' && options.explain !== true && options.ingest === undefined;
  const plan = planCellsOf(scenario, registry, runsHere);
  const choice = {
    sweepsRoot,
    include: parseMatchers(options.include ?? [], '--include'),
    exclude: parseMatchers(options.exclude ?? [], '--exclude'),
    rerun: options.rerun,
  };
  const prepared = await interruptible((signal) => prepareSweep(loaded, choice, plan, signal));
  for (const line of prepared.damage) await tell(`warning: ${line}`);
  if (options.explain === true) return explain(prepared, options.format);

  const about = { command: ['satsim', ...process.argv.slice(2)], satsim: version(), takeOver: options.takeOver === true, plugins };
  if (options.backend === 'slurm') return slurm(prepared, options, about);
  if (options.ingest !== undefined) {
    const folder = options.ingest === true ? prepared.artifactsRoot : options.ingest;
    if (options.ingest !== true && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new SatsimError('USAGE', `--ingest: ${resolve(folder)} is no folder`, { hint: 'name the folder that holds the runs' });
    return tellResult(await ingestRuns(prepared, folder, plan, about), prepared, options.format);
  }
  return run(prepared, options, about);
}

async function run(prepared: PreparedSweep, options: SweepVerbOptions, about: Required<SweepCommand>): Promise<void> {
  const { scenario } = prepared.definition;
  const jobs = options.jobs ?? (prepared.emulates ? 1 : availableParallelism());
  if (prepared.emulates && jobs > 1) await tell(`warning: cells emulate by the wall clock: ${jobs} at the same time take time from each other (-j 1)`);
  let interrupts = 0;
  let interrupt: (() => void) | null = null;
  // Held until the result is told: a signal that comes when the sweep is over changes nothing about it any more.
  const release = takeInterrupts(() => {
    interrupts += 1;
    interrupt?.();
  });
  try {
    await tell(`sweep ${prepared.sweepId}: ${prepared.cells.length} cells, ${prepared.cells.filter((cell) => cell.toRun).length} to run`);
    const result = await runSweep(prepared, {
      ...about,
      worker: { path: fileURLToPath(new URL('../sweep-worker.js', import.meta.url)), argument: JSON.stringify({ scenario, plugins: about.plugins }) },
      jobs,
      maxMemoryMiB: options.maxMemory ?? (SHARE_OF_MEMORY * process.availableMemory()) / 2 ** 20,
      failFast: options.failFast === true,
      onProgress: (progress) => void tell(progressLine(progress)),
      onPostponed: (cell, why) => void tell(`cell ${cell} waits: ${why}`),
      onExceeded: (warning) => void tell(`warning: ${warning}`),
      onInterrupt: (act) => {
        interrupt = act;
        for (let i = 0; i < interrupts; i++) act();
      },
    });
    await tellResult(result, prepared, options.format);
  } finally {
    release();
  }
}

function additionsOf({ set, grid, replicates, seed, name }: SweepVerbOptions) {
  return {
    set: Object.fromEntries((set ?? []).map(parseSet)),
    grid: Object.fromEntries((grid ?? []).map(parseGrid)),
    ...(replicates === undefined ? {} : { replicates }),
    ...(seed === undefined ? {} : { seed }),
    ...(name === undefined ? {} : { name }),
  };
}

async function explain({ cells }: PreparedSweep, format: SweepVerbOptions['format']): Promise<void> {
  const rows = cells.map(({ cell, toRun, selected, standing, why }) => ({
    cell: cell.cell,
    parameters: cell.parameters,
    runs: toRun,
    status: standing,
    why: selected ? why : 'left out by --include or --exclude',
  }));
  if (format === 'json') return printJson(rows);
  const inOneCell = cells.map(({ cell }) =>
    describeCell(cell)
      .slice(cell.cell.length + 1)
      .replaceAll(/^\(|\)$/g, ''),
  );
  const flat = rows.map((row, index) => ({ ...row, parameters: inOneCell[index]! }));
  return printRows(flat, ['cell', 'parameters', 'runs', 'status', 'why'], format === 'text' ? 'table' : format);
}

async function slurm(prepared: PreparedSweep, options: SweepVerbOptions, about: Required<SweepCommand>): Promise<void> {
  const { script, cells, tasks, submit } = await emitSlurm(prepared, {
    ...about,
    jobs: options.jobs ?? null,
    program: [process.execPath, fileURLToPath(new URL('../../bin/satsim.js', import.meta.url))],
    runArguments: about.plugins.flatMap((plugin) => ['--plugin', plugin]),
    cwd: process.cwd(),
  });
  if (options.format === 'json') return printJson({ sweepId: prepared.sweepId, sweepDir: prepared.sweepDir, script, cells, tasks, submit });
  await tell(`${tasks} tasks; start them with:\n${submit.map((line) => `  ${line}`).join('\n')}`);
  return print(script);
}

async function tellResult(result: SweepResult, { parameters }: PreparedSweep, format: SweepVerbOptions['format']): Promise<void> {
  process.exitCode = result.exitCode;
  if (format === 'json') await printJson(result);
  else await print(format === 'csv' ? formatCsv(flatTable(result.cells, parameters)) : describeSweep(result));
  if (result.error !== null) await tell(describeError(result.error));
}

/** `[12/64] 3f9a… done (links.gsl.min_elevation_deg=15), 0.4 s; 20 s to go` */
function progressLine({ cell, table, ended, of, elapsedMs }: SweepProgress): string {
  const left = Math.round(((elapsedMs / ended) * (of - ended)) / 1000);
  const seconds = table.durationMs === null ? '' : `, ${(table.durationMs / 1000).toFixed(1)} s`;
  const why = cell.standing === 'done' ? '' : `: ${cell.why}`;
  return `[${ended}/${of}] ${statusOf(table)} ${describeCell(cell.cell)}${seconds}${ended < of ? `; about ${left} s to go` : ''}${why}`;
}

function whole(least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) throw new InvalidArgumentError(`expected a whole number, at least ${least}`);
    return number;
  };
}
