import { styleText } from 'node:util';
import type { ComparedSide, FlowComparison } from '@satsim/core';
import { formatTable } from './table.js';
import type { Column } from './table.js';

const DIGITS: Readonly<Record<FlowComparison['quantity'], number>> = {
  rtt_ms: 2,
  one_way_delay_ms: 2,
  loss_pct: 2,
  goodput_mbps: 3,
  availability: 4,
  path: 0,
};

export const figure = (value: number | null, { quantity }: FlowComparison): string | null => (value === null ? null : value.toFixed(DIGITS[quantity]));
export const signedFigure = (value: number | null, row: FlowComparison): string | null => signed(value, figure(value, row));
const signed = (value: number | null, text: string | null): string | null => (value !== null && value > 0 ? `+${text}` : text);

/** Every quantity in a line of its own, for people. @param nameOf what a side is called */
export function comparisonTable(rows: readonly FlowComparison[], nameOf: (side: ComparedSide) => string): string {
  const columns: readonly Column<FlowComparison>[] = [
    { title: 'flow', value: (row) => row.flow },
    { title: 'lane', value: (row) => nameOf(row.other) },
    { title: 'against', value: (row) => nameOf(row.reference) },
    { title: 'quantity', value: (row) => row.quantity },
    { title: 'pairs', value: (row) => row.pairs, align: 'right' },
    { title: 'here', value: (row) => figure(typical(row, row.other), row), align: 'right' },
    { title: 'there', value: (row) => figure(typical(row, row.reference), row), align: 'right' },
    { title: 'p99 here', value: (row) => figure(row.other.p99, row), align: 'right' },
    { title: 'there', value: (row) => figure(row.reference.p99, row), align: 'right' },
    { title: 'differ by', value: (row) => signedFigure(row.difference, row), align: 'right' },
    { title: '%', value: (row) => signed(row.differencePct, row.differencePct?.toFixed(2) ?? null), align: 'right' },
    { title: 'outside', value: (row) => row.outside, align: 'right' },
    { title: 'handovers', value: (row) => row.handovers, align: 'right' },
    { title: 'tolerance', value: (row) => row.tolerance },
    { title: 'verdict', value: verdictOf },
  ];
  return `${formatTable(rows, columns)}\n\n${tally(rows)}`;
}

/** Shares have no median worth showing. */
export function typical({ quantity }: FlowComparison, side: ComparedSide): number | null {
  return quantity === 'loss_pct' || quantity === 'availability' ? side.mean : side.median;
}

export function verdictOf({ verdict: said }: FlowComparison): string {
  return said === null ? 'no common time' : styleText(said === 'agree' ? 'green' : 'red', said === 'agree' ? 'agrees' : 'DIFFERS');
}

export function tally(rows: readonly FlowComparison[]): string {
  const count = (wanted: FlowComparison['verdict']): number => rows.filter((row) => row.verdict === wanted).length;
  const parts = [`${count('agree')} agree`, `${count('differ')} differ`, ...(count(null) > 0 ? [`${count(null)} have no common time`] : [])];
  return parts.join(', ');
}

const SHORT: readonly (readonly [quantity: FlowComparison['quantity'], title: string, unit: string])[] = [
  ['rtt_ms', 'RTT', ' ms'],
  ['one_way_delay_ms', 'one-way delay', ' ms'],
  ['loss_pct', 'loss', ' pp'],
  ['goodput_mbps', 'goodput', ' Mbit/s'],
  ['availability', 'available', ''],
];

/** By how much lanes differ, a line for each lane of each flow. */
export function agreementTable(rows: readonly FlowComparison[]): string {
  const groups = [...Map.groupBy(rows, ({ flow, other }) => `${flow}\n${other.lane}`).values()];
  const find = (group: readonly FlowComparison[], wanted: FlowComparison['quantity']) => group.find(({ quantity }) => quantity === wanted);
  const columns: readonly Column<readonly FlowComparison[]>[] = [
    { title: 'flow', value: ([first]) => first!.flow },
    { title: 'lane', value: ([first]) => first!.other.lane },
    { title: 'against', value: ([first]) => first!.reference.lane },
    ...SHORT.map(([quantity, title, unit]) => ({
      title,
      value: (group: readonly FlowComparison[]) => {
        const row = find(group, quantity);
        const text = row && signedFigure(row.difference, row);
        return text ? text + unit : null;
      },
      align: 'right' as const,
    })),
    { title: 'other paths', value: (group) => find(group, 'path')?.outside ?? null, align: 'right' },
    { title: 'pairs', value: (group) => Math.max(...group.map(({ pairs }) => pairs)), align: 'right' },
    { title: 'handovers', value: ([first]) => first!.handovers, align: 'right' },
    { title: 'verdict', value: overall },
  ];
  return `${formatTable(groups, columns)}\n\n${tally(rows)}; \`satsim compare\` has the figures`;
}

function overall(group: readonly FlowComparison[]): string {
  const differing = group.filter((row) => row.verdict === 'differ').map(({ quantity }) => quantity);
  if (differing.length > 0) return styleText('red', `DIFFERS in ${differing.join(', ')}`);
  return group.some((row) => row.verdict === 'agree') ? styleText('green', 'agrees') : 'no common time';
}
