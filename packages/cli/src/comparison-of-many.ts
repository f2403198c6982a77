import type { ComparedSide, DifferingField, FlowComparison, RunsCompared } from '@satsim/core';
import { figure, signedFigure, tally, typical, verdictOf } from './comparison-table.js';
import { formatTable, type Cell, type Column } from './table.js';

/** More would make lines that nobody reads. */
const MOST_FIELDS = 6;
const WIDEST = 40;

/** The runs with what differs between them: a line for each run. */
export function runsTable({ runs, configuration }: RunsCompared): string {
  const shown = configuration.slice(0, MOST_FIELDS);
  const more = configuration.slice(MOST_FIELDS).map(({ path }) => path);
  const table = formatTable(
    runs.map((run, index) => ({ ...run, index })),
    [
      { title: '', value: ({ index }) => index + 1, align: 'right' },
      { title: 'run', value: ({ runId }) => runId },
      { title: 'status', value: ({ status }) => status },
      ...shown.map(({ path, values }) => ({ title: path, value: ({ index }: { readonly index: number }) => shortened(values[index] ?? null) })),
    ],
  );
  if (configuration.length === 0) return `${table}\n\nthe same configuration and versions`;
  return more.length === 0 ? table : `${table}\n\nthey also differ in ${more.join(', ')}: \`--format json\` has the values`;
}

/** Of each flow and quantity the reference, and a line for each run (and lane) against it. */
export function manyTable({ runs, flows }: RunsCompared): string {
  const numberOf = new Map(runs.map(({ runId }, index) => [runId, index + 1]));
  const groups = [...Map.groupBy(flows, ({ flow, quantity }) => `${flow}\n${quantity}`).values()];
  const lines = groups.flatMap((rows) => [
    { first: true, row: rows[0]!, side: rows[0]!.reference, other: false },
    ...rows.map((row) => ({ first: false, row, side: row.other, other: true })),
  ]);
  interface Line {
    readonly first: boolean;
    readonly row: FlowComparison;
    readonly side: ComparedSide;
    readonly other: boolean;
  }
  const ofOther =
    (value: (row: FlowComparison) => Cell) =>
    (line: Line): Cell =>
      line.other ? value(line.row) : '';
  const columns: readonly Column<Line>[] = [
    { title: 'flow', value: ({ first, row }) => (first ? row.flow : '') },
    { title: 'quantity', value: ({ first, row }) => (first ? row.quantity : '') },
    { title: 'run', value: ({ side }) => numberOf.get(side.runId) ?? null, align: 'right' },
    ...(runs.some(({ lanes }) => lanes.length > 1) ? [{ title: 'lane', value: ({ side }: Line) => side.lane }] : []),
    { title: 'typical', value: ({ row, side }) => figure(typical(row, side), row), align: 'right' },
    { title: 'p99', value: ({ row, side }) => figure(side.p99, row), align: 'right' },
    { title: 'pairs', value: ofOther(({ pairs }) => pairs), align: 'right' },
    { title: 'differ by', value: ofOther((row) => signedFigure(row.difference, row)), align: 'right' },
    {
      title: '%',
      value: ofOther((row) => (row.differencePct === null ? null : `${row.differencePct > 0 ? '+' : ''}${row.differencePct.toFixed(2)}`)),
      align: 'right',
    },
    { title: 'outside', value: ofOther(({ outside }) => outside), align: 'right' },
    { title: 'verdict', value: ({ other, row }) => (other ? verdictOf(row) : `reference, ${row.tolerance}`) },
  ];
  return `${formatTable(lines, columns)}\n\n${tally(flows)}`;
}

export function shortened(value: DifferingField['values'][number]): Cell {
  return typeof value === 'string' && value.length > WIDEST ? `${value.slice(0, WIDEST - 1)}…` : value;
}
