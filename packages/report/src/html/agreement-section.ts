import type { FlowComparison } from '@satsim/core';
import { fixed, table } from './format.js';
import { html, type Markup } from './markup.js';
import { verdict } from './summary-section.js';

const QUANTITIES: Readonly<Record<FlowComparison['quantity'], { readonly name: string; readonly digits: number }>> = {
  rtt_ms: { name: 'RTT, ms', digits: 2 },
  one_way_delay_ms: { name: 'one-way delay, ms', digits: 2 },
  loss_pct: { name: 'loss, %', digits: 2 },
  goodput_mbps: { name: 'goodput, Mbit/s', digits: 4 },
  availability: { name: 'availability', digits: 4 },
  path: { name: 'other paths', digits: 0 },
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
        { title: 'Lane' },
        { title: 'Against' },
        ...['Here', 'There', 'Differ by', 'Pairs', 'Outside', 'At handovers'].map((title) => ({ title, figure: true })),
        { title: 'Verdict' },
        { title: 'Tolerance' },
      ],
      rows.map((row) => [
        row.flow,
        QUANTITIES[row.quantity].name,
        nameOf(row.other),
        nameOf(row.reference),
        fixed(typical(row, row.other), QUANTITIES[row.quantity].digits),
        fixed(typical(row, row.reference), QUANTITIES[row.quantity].digits),
        fixed(row.difference, QUANTITIES[row.quantity].digits),
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
