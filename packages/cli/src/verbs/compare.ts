import { compareRuns, parseTolerances } from '@satsim/core';
import type { ComparedSide, FlowComparison, RunsCompared } from '@satsim/core';
import type { Command } from 'commander';
import { addArtifactsRootOption } from '../artifacts-root.js';
import { comparisonTable } from '../comparison-table.js';
import { print, printJson } from '../output.js';
import { printRows } from '../print-rows.js';
import type { Row } from '../print-rows.js';
import { example } from '../program.js';
import { addFormatOption, collect } from '../scenario-options.js';
import { formatTable } from '../table.js';

interface CompareOptions {
  readonly artifactsRoot: string;
  readonly tolerance?: readonly string[];
  readonly format: 'table' | 'json' | 'csv';
}

const REFERENCE = ['reference_run', 'reference_lane', 'reference_n', 'reference_mean', 'reference_median', 'reference_p99'];
const OTHER = ['run', 'lane', 'n', 'mean', 'median', 'p99'];
const JUDGEMENT = ['pairs', 'handovers', 'difference', 'difference_pct', 'outside', 'tolerance', 'verdict'];
const HEADER = ['flow', 'quantity', ...REFERENCE, ...OTHER, ...JUDGEMENT];

const NOTES = `
Every lane of every run is held against the first lane of the first run, sample by sample at equal sim times (the nearest
within half an interval); samples on a handover are counted and left out. Lanes that compute must agree in the
delay of every ping and in every path; statistical ones, and the delays of udp and tcp, in the median. Shares and goodput are
compared over the run.

Usual tolerances: rtt_ms=1ms+1%+0.2ms/hop, one_way_delay_ms=0.5ms+1%+0.1ms/hop, loss_pct=1pp+3se, goodput_mbps=5%,
availability=0.01+3se, path=0. Terms in /hop count for statistical lanes only; se is the standard error of a counted share.
`;

export function define(command: Command): void {
  addFormatOption(addArtifactsRootOption(command.argument('<runs...>', 'run ids, or the beginnings of them')), ['table', 'json', 'csv'])
    .option('--tolerance <quantity=terms>', 'how far values may be apart, for example rtt_ms=2ms+1% (repeatable)', collect)
    .addHelpText(
      'after',
      NOTES +
        example(
          'satsim compare 20261120T101500Z-iridium',
          'satsim compare 20261120T1015 20261120T1130 --tolerance rtt_ms=2ms+1% --tolerance path=1%',
          'satsim compare 20261120T101500Z-iridium --format csv > agreement.csv',
        ),
    )
    .action(compare);
}

async function compare(ids: readonly string[], { artifactsRoot, tolerance, format }: CompareOptions): Promise<void> {
  const compared = await compareRuns(artifactsRoot, ids, parseTolerances(tolerance ?? []));
  if (format === 'json') return printJson(compared);
  if (format === 'csv') return printRows(compared.flows.map(rowOf), HEADER, 'csv');
  return print(describe(compared));
}

function describe({ runs, configuration, flows, unreported }: RunsCompared): string {
  const numberOf = (runId: string): number => runs.findIndex((run) => run.runId === runId) + 1;
  const nameOf = ({ runId, lane }: Pick<ComparedSide, 'runId' | 'lane'>): string => (runs.length === 1 ? lane : `${numberOf(runId)} ${lane}`);
  const values = runs.map((_, index) => ({
    title: String(index + 1),
    value: (field: (typeof configuration)[number]) => shortened(field.values[index] ?? null),
  }));
  return [
    ...runs.map(({ runId, status, lanes }) => `${runs.length === 1 ? '' : `${numberOf(runId)}  `}${runId}  ${status}  ${lanes.join(', ')}`),
    '',
    ...(configuration.length === 0 ? [] : [formatTable(configuration, [{ title: 'configuration', value: (field) => field.path }, ...values]), '']),
    ...(runs.length > 1 && configuration.length === 0 ? ['the same configuration and versions', ''] : []),
    flows.length === 0 ? 'no flow was reported by two lanes' : comparisonTable(flows, nameOf),
    ...(unreported.length === 0 ? [] : [`not reported: ${unreported.map((one) => `${one.flow} by ${nameOf(one)}`).join(', ')}`]),
  ].join('\n');
}

const WIDEST = 40;
function shortened(value: string | number | boolean | null): string | number | boolean | null {
  return typeof value === 'string' && value.length > WIDEST ? `${value.slice(0, WIDEST - 1)}…` : value;
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
