import { text } from 'node:stream/consumers';
import { compareRuns, parseTolerances, SatsimError } from '@satsim/core';
import type { ComparedSide, FlowComparison, RunsCompared } from '@satsim/core';
import { findListedRuns } from '@satsim/runs';
import { readSweepTable, runPlace } from '@satsim/sweep';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { addSweepsRootOption, findSweep } from '../find-sweep.js';
import { manyTable, runsTable, shortened } from '../comparison-of-many.js';
import { comparisonTable } from '../comparison-table.js';
import { print, printJson, tell } from '../output.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';
import { describeError } from '../report-error.js';
import { addRunChoice, filterOf } from '../run-choice.js';
import type { RunChoice } from '../run-choice.js';
import { addFormatOption, collect } from '../scenario-options.js';
import { formatTable } from '../table.js';

interface CompareOptions extends RunChoice {
  readonly artifactsRoot: string;
  readonly sweep?: string;
  readonly sweepsRoot: string;
  readonly tolerance?: readonly string[];
  readonly check?: true;
  readonly format: 'table' | 'json' | 'csv';
}

const REFERENCE = ['reference_run', 'reference_lane', 'reference_n', 'reference_mean', 'reference_median', 'reference_p99'];
const OTHER = ['run', 'lane', 'n', 'mean', 'median', 'p99'];
const JUDGEMENT = ['pairs', 'handovers', 'difference', 'difference_pct', 'outside', 'tolerance', 'verdict'];
const HEADER = ['flow', 'quantity', ...REFERENCE, ...OTHER, ...JUDGEMENT];

const NOTHING = 'no flow was reported by two lanes';

const NOTES = `
Every lane of every run is held against the first lane of the first run, sample by sample at equal sim times (the nearest
within half an interval); samples on a handover are counted and left out. Lanes that compute must agree in the
delay of every ping and in every path; statistical ones, and the delays of udp and tcp, in the median. Shares and goodput are
compared over the run.

With more than two runs a line is printed for each run, and only the fields of the scenario that differ. Of thousands of runs no more than
two are in memory at a time.

Usual tolerances: rtt_ms=1ms+1%+0.2ms/hop, one_way_delay_ms=0.5ms+1%+0.1ms/hop, loss_pct=1pp+3se, goodput_mbps=5%,
availability=0.01+3se, path=0. Terms in /hop count for statistical lanes only; se is the standard error of a counted share.
`;

export function define(command: Command): void {
  command.argument('[runs...]', 'run ids, the beginnings of them, or folders of runs; - reads them from stdin');
  addFormatOption(addSweepsRootOption(addRunChoice(addArtifactsRootOption(command))), ['table', 'json', 'csv'])
    .option('--sweep <id>', 'the runs of the cells of this sweep that are done; also by its folder')
    .option('--tolerance <quantity=terms>', 'how far values may be apart, for example rtt_ms=2ms+1% (repeatable)', collect)
    .option('--check', 'exit code 4 when a verdict is that they differ, or when there is none')
    .addHelpText(
      'after',
      NOTES +
        example(
          'satsim compare 20261120T101500Z-iridium',
          'satsim compare 20261120T1015 20261120T1130 --tolerance rtt_ms=2ms+1% --tolerance path=1%',
          'satsim compare 20261120T101500Z-iridium --format csv > agreement.csv',
          'satsim compare --sweep iridium-elevation',
          "satsim compare --tag paper --param 'links.gsl.min_elevation_deg>=25'",
          'satsim compare 20261120T101500Z-iridium --check',
          'tail -n +2 runs.csv | cut -d, -f1 | satsim compare -',
        ),
    )
    .action(compare);
}

async function compare(named: readonly string[], { artifactsRoot, sweep, sweepsRoot, tolerance, check, format, ...choice }: CompareOptions): Promise<void> {
  const ids = [
    ...(await withThoseOfStdin(named)),
    ...(sweep === undefined ? [] : await runsOfSweep(sweepsRoot, sweep, artifactsRoot)),
    ...(Object.keys(choice).length === 0 ? [] : await chosenRuns(artifactsRoot, choice)),
  ];
  if (ids.length === 0)
    throw new SatsimError('USAGE', 'no run is chosen', { hint: 'name runs by their ids, a sweep by --sweep, or choose as `satsim list-runs` does' });
  const compared = await compareRuns(artifactsRoot, ids, parseTolerances(tolerance ?? []));
  const error = check === true ? disagreement(compared.flows) : null;
  process.exitCode = error?.exitCode ?? 0;
  if (format === 'json') await printJson(compared);
  else if (format === 'csv') await printRows(compared.flows.map(rowOf), HEADER, 'csv');
  else await print(describe(compared));
  if (error !== null) await tell(describeError(error));
}

/** What `--check` has to say; a check of nothing has not succeeded. */
function disagreement(flows: readonly FlowComparison[]): SatsimError | null {
  const differing = flows.filter(({ verdict }) => verdict === 'differ');
  if (differing.length > 0) {
    const what = [...new Set(differing.map(({ flow, quantity }) => `${quantity} of ${flow}`))].join(', ');
    return new SatsimError('RESULTS_DIFFER', `beyond their tolerances: ${what}`);
  }
  return flows.some(({ verdict }) => verdict === 'agree') ? null : new SatsimError('RESULTS_DIFFER', 'nothing could be compared: there is no verdict');
}

/** Runs that stand for `-`: one a line. */
async function withThoseOfStdin(named: readonly string[]): Promise<readonly string[]> {
  if (!named.includes('-')) return named;
  const read = (await text(process.stdin)).split('\n').flatMap((line) => line.trim() || []);
  return named.flatMap((one) => (one === '-' ? read : one));
}

/** The oldest first; those that were completed, unless it is said which. */
async function chosenRuns(artifactsRoot: string, choice: RunChoice): Promise<readonly string[]> {
  const runs = await findListedRuns(artifactsRoot, filterOf({ outcome: ['completed'], ...choice }));
  return runs.map(({ runId }) => runId).toReversed();
}

async function runsOfSweep(sweepsRoot: string, sweep: string, artifactsRoot: string): Promise<readonly string[]> {
  const sweepDir = findSweep(sweepsRoot, sweep);
  if (sweepDir === null) throw new SatsimError('USAGE', `no sweep ${sweep} has been begun in ${sweepsRoot}`, { hint: 'name it by its id or its folder' });
  const { cells } = await readSweepTable(sweepDir);
  const done: string[] = [];
  for (const { cell, status, runDir } of cells) {
    if (status !== 'done' || runDir === null) continue;
    const place = await runPlace(runDir, artifactsRoot);
    if (place === null)
      throw new SatsimError('ARTIFACTS', `${runDir}, the run of cell ${cell}, is gone`, { hint: `\`satsim sweep ${sweep} --resume\` runs it again` });
    done.push(place);
  }
  if (done.length === 0) throw new SatsimError('USAGE', `no cell of the sweep ${sweep} is done`, { hint: `\`satsim sweep ${sweep} --resume\` runs them` });
  return done;
}

function describe(compared: RunsCompared): string {
  const { runs, configuration, flows, unreported } = compared;
  const numberOf = (runId: string): number => runs.findIndex((run) => run.runId === runId) + 1;
  const nameOf = ({ runId, lane }: Pick<ComparedSide, 'runId' | 'lane'>): string => (runs.length === 1 ? lane : `${numberOf(runId)} ${lane}`);
  const missing = unreported.length === 0 ? [] : [`not reported: ${unreported.map((one) => `${one.flow} by ${nameOf(one)}`).join(', ')}`];
  if (runs.length > 2) return [runsTable(compared), '', flows.length === 0 ? NOTHING : manyTable(compared), ...missing].join('\n');
  const values = runs.map((_, index) => ({
    title: String(index + 1),
    value: (field: (typeof configuration)[number]) => shortened(field.values[index] ?? null),
  }));
  return [
    ...runs.map(({ runId, status, lanes }) => `${runs.length === 1 ? '' : `${numberOf(runId)}  `}${runId}  ${status}  ${lanes.join(', ')}`),
    '',
    ...(configuration.length === 0 ? [] : [formatTable(configuration, [{ title: 'configuration', value: (field) => field.path }, ...values]), '']),
    ...(runs.length > 1 && configuration.length === 0 ? ['the same configuration and versions', ''] : []),
    flows.length === 0 ? NOTHING : comparisonTable(flows, nameOf),
    ...missing,
  ].join('\n');
}

function rowOf({ flow, quantity, reference, other, pairs, handovers, difference, differencePct, outside, tolerance, verdict }: FlowComparison): Row {
  return {
    flow,
    quantity,
    reference_run: reference.runId,
    reference_lane: reference.lane,
    reference_n: reference.n,
    reference_mean: reference.mean,
    reference_median: reference.median,
    reference_p99: reference.p99,
    run: other.runId,
    lane: other.lane,
    n: other.n,
    mean: other.mean,
    median: other.median,
    p99: other.p99,
    pairs,
    handovers,
    difference,
    difference_pct: differencePct,
    outside,
    tolerance,
    verdict,
  };
}
