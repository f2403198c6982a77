import type { FlowSummary } from '@satsim/core';
import type { ReportedRun } from '../collect/run-folder.js';
import { fixed, median, NONE, percent, seconds, short, table, utc } from './format.js';
import { html, type Markup } from './markup.js';

/** Title, outcome and the facts that one looks for first. */
export function runHeading({ record, scenario, data }: ReportedRun): Markup {
  const { manifest, summary } = record;
  const satellites = data.nodes.length - data.ground.length;
  const facts: [string, string | Markup][] = [
    ['Outcome', outcome(record.status)],
    ['Simulated', `${utc(manifest?.t0 ?? null)}, ${seconds(data.ticks * data.dtMs)} in ${data.ticks} ticks of ${seconds(data.dtMs)}`],
    ['Network', `${satellites} satellites, ${data.ground.length} ground nodes`],
    ['Lanes', data.lanes.join(', ') || NONE],
    ['Assertions', assertionTally(summary?.assertions ?? [])],
    ['Ran', `${utc(record.startedAt)}${summary ? `, ${seconds(summary.durationMs)}, ${short(summary.speedUp, 3)} × real time` : ''}`],
    ...(record.tags.length > 0 ? [['Tags', record.tags.join(', ')] as [string, string]] : []),
  ];
  return html`<p class="kind">satsim run report</p>
    <h1>${scenario?.name ?? data.name}</h1>
    <p class="id"><code>${record.runId}</code></p>
    ${factList(facts)}`;
}

export function factList(facts: readonly (readonly [string, string | Markup])[]): Markup {
  return html`<dl class="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export function outcome(status: string): Markup {
  return html`<span class="chip ${status === 'completed' ? 'good' : status === 'failed' || status === 'crashed' || status === 'unreadable' ? 'bad' : 'warn'}"
    >${status}</span
  >`;
}

function assertionTally(assertions: readonly { readonly ok: boolean }[]): string {
  if (assertions.length === 0) return 'none';
  const held = assertions.filter(({ ok }) => ok).length;
  return held === assertions.length ? `all ${held} hold` : `${assertions.length - held} of ${assertions.length} fail`;
}

/** Key figures of each flow in each lane, and what was wrong. @param runOf what a run is called where there are several */
export function flowTable(runs: readonly ReportedRun[], nameOf: (run: ReportedRun) => string | null): Markup {
  const rows = runs.flatMap((run) => (run.record.summary?.flows ?? []).map((flow) => ({ run, flow })));
  if (rows.length === 0) return html`<p class="note">No flow has figures: the summary is missing, or the scenario has no traffic.</p>`;
  const order = [...new Set(rows.map(({ flow }) => flow.id))];
  const sorted = rows.toSorted((a, b) => order.indexOf(a.flow.id) - order.indexOf(b.flow.id));
  const several = runs.length > 1;
  return table(
    'Figures of each flow over the whole run',
    [
      { title: 'Flow' },
      ...(several ? [{ title: 'Run' }] : []),
      { title: 'Lane' },
      ...[
        'RTT median, ms',
        'RTT p99, ms',
        'One-way median, ms',
        'Loss mean, %',
        'Goodput median, Mbit/s',
        'Available',
        'Outages',
        'Handovers',
        'Path changes',
      ].map((title) => ({
        title,
        figure: true,
      })),
    ],
    sorted.map(({ run, flow }) => [flow.id, ...(several ? [nameOf(run)] : []), flow.lane, ...figures(flow)]),
    { sortable: true },
  );
}

function figures(flow: FlowSummary): (string | number | null)[] {
  const { rttMs, oneWayDelayMs, lossPct, goodputMbps, availability, outages, longestOutageS, handovers, pathChanges } = flow;
  return [
    fixed(median(rttMs), 2),
    fixed(rttMs?.p99, 2),
    fixed(median(oneWayDelayMs), 2),
    fixed(lossPct?.mean, 2),
    short(median(goodputMbps)),
    percent(availability),
    outages === 0 ? 0 : `${outages} (≤ ${short(longestOutageS)} s)`,
    handovers,
    pathChanges,
  ];
}

export function assertionTable(runs: readonly ReportedRun[], nameOf: (run: ReportedRun) => string | null): Markup {
  const rows = runs.flatMap((run) => (run.record.summary?.assertions ?? []).map((assertion) => ({ run, assertion })));
  if (rows.length === 0) return html`<p>The scenario asserts nothing.</p>`;
  const several = runs.length > 1;
  return table(
    'What the scenario claims of its flows',
    [{ title: 'Claim' }, ...(several ? [{ title: 'Run' }] : []), { title: 'Lane' }, { title: 'Was', figure: true }, { title: 'Verdict' }],
    rows.map(({ run, assertion: { flow, lane, quantity, op, value, actual, ok } }) => [
      html`${flow}: <code>${quantity} ${op} ${value}</code>`,
      ...(several ? [nameOf(run)] : []),
      lane,
      short(actual, 6),
      verdict(ok, ok ? 'holds' : 'fails'),
    ]),
  );
}

/** A word and a sign, never a colour alone. */
export function verdict(good: boolean, word: string): Markup {
  return html`<span class="verdict ${good ? 'good' : 'bad'}"><span aria-hidden="true">${good ? '✓' : '✗'}</span> ${word}</span>`;
}

/** What somebody has to know who trusts the figures. */
export function remarks({ record, problems }: ReportedRun): Markup | null {
  const { summary, reason } = record;
  const all = [
    ...(reason === null ? [] : [`The run says: ${reason}`]),
    ...problems.map((problem) => `Wrong with the files: ${problem}`),
    ...(summary?.warnings ?? []).map((warning) => `Warned of: ${warning}`),
    ...(summary?.lanes ?? []).flatMap(({ name, error }) => (error === null ? [] : [`Lane ${name}: ${error}`])),
    ...(summary?.exporters ?? []).flatMap(({ name, dropped, error }) => [
      ...(dropped > 0 ? [`Exporter ${name} lost ${dropped} ticks`] : []),
      ...(error === null ? [] : [`Exporter ${name}: ${error}`]),
    ]),
  ];
  return all.length === 0
    ? null
    : html`<ul class="remarks">
        ${all.map((text) => html`<li>${text}</li>`)}
      </ul>`;
}
