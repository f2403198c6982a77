import type { FlowComparison } from '@satsim/core';
import { fixed, short, table } from './format.js';
import { html, type Markup } from './markup.js';
import { verdict } from './summary-section.js';

const NAMES: Readonly<Record<FlowComparison['quantity'], string>> = {
  rtt_ms: 'RTT, ms',
  one_way_delay_ms: 'one-way delay, ms',
  loss_pct: 'loss, %',
  goodput_mbps: 'goodput, Mbit/s',
  availability: 'availability',
  path: 'path',
};

/** Whether lanes, or runs, say the same of each flow. */
export function agreement(rows: readonly FlowComparison[], nameOf: (side: FlowComparison['other']) => string): Markup {
  if (rows.length === 0) return html`<p>No flow was reported by two lanes: there is nothing to hold against each other.</p>`;
  const count = (wanted: FlowComparison['verdict']): number => rows.filter((row) => row.verdict === wanted).length;
  const none = count(null);
  return html`<p>
      ${count('agree')} quantities agree, ${count('differ')} differ${none > 0 ? `, ${none} have no common time` : ''}. Shares and losses are means, all others
      medians; the last column says by which tolerance.
    </p>
    ${table(
      'Each lane against the reference',
      [
        { title: 'Flow' },
        { title: 'Quantity' },
        { title: 'Here' },
        { title: 'Reference' },
        ...['Here', 'Reference', 'Differ by', 'Pairs', 'Outside', 'At handovers'].map((title) => ({ title, figure: true })),
        { title: 'Verdict' },
        { title: 'Tolerance' },
      ],
      rows.map((row) => [
        row.flow,
        NAMES[row.quantity] ?? row.quantity,
        nameOf(row.other),
        nameOf(row.reference),
        short(typical(row, row.other)),
        short(typical(row, row.reference)),
        fixed(row.difference, 3),
        row.pairs,
        row.outside,
        row.handovers,
        row.verdict === null ? 'no common time' : verdict(row.verdict === 'agree', row.verdict === 'agree' ? 'agrees' : 'differs'),
        row.tolerance,
      ]),
      { sortable: true },
    )}`;
}

/** Shares have no median worth showing. */
function typical({ quantity }: FlowComparison, side: FlowComparison['other']): number | null {
  return quantity === 'loss_pct' || quantity === 'availability' ? side.mean : side.median;
}
