import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { FlowSummary } from '@satsim/core';
import { readSweepFolder, type ReportedSweep, type SweepCell } from './collect/sweep-folder.js';
import { type Section, reportDocument } from './html/document.js';
import { fixed, NONE, percent, seconds, short, table, utc } from './html/format.js';
import { html, type Markup } from './html/markup.js';
import { factList, outcome, verdict } from './html/summary-section.js';
import type { SweepData } from './report-data.js';
import { type WrittenReport, writeReport } from './report-runs.js';

/** What is drawn over a parameter. */
const QUANTITIES: readonly { readonly name: string; readonly of: (flow: FlowSummary) => number | null | undefined }[] = [
  { name: 'RTT median, ms', of: (flow) => flow.rttMs?.median },
  { name: 'RTT p99, ms', of: (flow) => flow.rttMs?.p99 },
  { name: 'one-way delay median, ms', of: (flow) => flow.oneWayDelayMs?.median },
  { name: 'loss mean, %', of: (flow) => flow.lossPct?.mean },
  { name: 'goodput median, Mbit/s', of: (flow) => flow.goodputMbps?.median },
  { name: 'availability', of: (flow) => flow.availability },
  { name: 'longest outage, s', of: (flow) => flow.longestOutageS },
  { name: 'handovers', of: (flow) => flow.handovers },
  { name: 'path changes', of: (flow) => flow.pathChanges },
];

/**
 * Writes the report of a sweep: its cells in a table that can be sorted, results over parameters, links to the runs.
 * @param out by default `report.html` in the folder of the sweep
 * @throws SatsimError ARTIFACTS when the sweep's table can't be read, or the report cannot be written
 */
export async function reportSweep(sweepDir: string, out = join(sweepDir, 'report.html')): Promise<WrittenReport> {
  const sweep = await readSweepFolder(resolve(sweepDir));
  const sections: Section[] = [
    { id: 'results', title: 'Results over parameters', short: 'Results', body: html`<div data-mount="sweep"></div>` },
    { id: 'cells', title: 'Cells', body: cellTable(sweep, dirname(resolve(out))) },
    { id: 'flows', title: 'Flows of each cell', short: 'Flows', body: flowTable(sweep) },
    { id: 'provenance', title: 'Provenance', body: provenance(sweep) },
  ];
  const document = reportDocument(
    `${sweep.sweepId}: satsim sweep report`,
    heading(sweep),
    sections,
    { format: 'satsim-report/1', runs: [], sweep: drawn(sweep) },
    new Uint8Array(),
  );
  return writeReport(out, document);
}

function heading({ sweepId, parameters, cells, manifest }: ReportedSweep): Markup {
  const count = (status: string): number => cells.filter((cell) => cell.status === status).length;
  const broken = cells.filter(({ assertions }) => assertions.some(({ ok }) => !ok)).length;
  return html`<p class="kind">satsim sweep report</p>
    <h1>${sweepId}</h1>
    ${factList([
      ['State', manifest.state === undefined ? NONE : outcome(manifest.state)],
      [
        'Cells',
        ['done', 'failed', 'running', 'missing']
          .filter((status) => count(status) > 0)
          .map((status) => `${count(status)} ${status}`)
          .join(', ') || 'none',
      ],
      ['Varied', parameters.join(', ') || NONE],
      [
        'Assertions',
        !cells.some(({ assertions }) => assertions.length > 0) ? 'none' : broken === 0 ? 'hold wherever there is a result' : `fail in ${broken} cells`,
      ],
      ['Ran', `${utc(manifest.startedAt ?? null)} to ${utc(manifest.endedAt ?? null)}`],
    ])}`;
}

function cellTable({ parameters, cells }: ReportedSweep, folder: string): Markup {
  const assertions = (cell: SweepCell): Markup | string => {
    const failed = cell.assertions.filter(({ ok }) => !ok).length;
    if (cell.assertions.length === 0) return NONE;
    return verdict(failed === 0, failed === 0 ? `${cell.assertions.length} hold` : `${failed} of ${cell.assertions.length} fail`);
  };
  return table(
    'All cells, each with the run that is its result',
    [
      { title: 'Cell' },
      ...parameters.map((title) => ({ title, figure: isNumeric(cells, title) })),
      { title: 'Replicate', figure: true },
      { title: 'Status' },
      { title: 'Assertions' },
      { title: 'Took', figure: true },
      { title: 'Run' },
    ],
    cells.map((cell) => [
      html`<code>${cell.cell}</code>`,
      ...parameters.map((name) => valueText(cell.parameters[name])),
      cell.replicate,
      cell.status === 'done' ? 'done' : html`<span class="long">${cell.status}${cell.reason === null ? '' : `: ${cell.reason}`}</span>`,
      assertions(cell),
      cell.durationMs === null ? NONE : seconds(cell.durationMs),
      runLink(cell, folder),
    ]),
    { sortable: true },
  );
}

/** To the report of the run where it has one, else to its folder; relative, so that both can be moved together. */
function runLink({ runId, runDir }: SweepCell, folder: string): Markup | string {
  if (runId === null || runDir === null) return NONE;
  const report = join(runDir, 'report.html');
  const path = relative(folder, existsSync(report) ? report : runDir);
  return html`<a href="${path.split(sep).map(encodeURIComponent).join('/')}">${basename(runDir)}</a>`;
}

function flowTable({ parameters, cells }: ReportedSweep): Markup {
  const rows = cells.flatMap((cell) => cell.flows.map((flow) => ({ cell, flow })));
  if (rows.length === 0) return html`<p class="note">No cell has results yet.</p>`;
  return table(
    'Figures of each flow in each cell',
    [
      { title: 'Flow' },
      { title: 'Lane' },
      { title: 'Cell' },
      ...parameters.map((title) => ({ title, figure: isNumeric(cells, title) })),
      ...['RTT median, ms', 'RTT p99, ms', 'Loss mean, %', 'Goodput median, Mbit/s', 'Available', 'Handovers'].map((title) => ({ title, figure: true })),
    ],
    rows.map(({ cell, flow }) => [
      flow.id,
      flow.lane,
      html`<code>${cell.cell}</code>`,
      ...parameters.map((name) => valueText(cell.parameters[name])),
      fixed(flow.rttMs?.median, 2),
      fixed(flow.rttMs?.p99, 2),
      fixed(flow.lossPct?.mean, 2),
      short(flow.goodputMbps?.median),
      percent(flow.availability),
      flow.handovers,
    ]),
    { sortable: true },
  );
}

function provenance({ manifest, cells }: ReportedSweep): Markup {
  const { file, definition, definitionSha256, command, satsim } = manifest;
  return html`${table(
      'Where this comes from',
      [{ title: 'What' }, { title: 'Value' }],
      [
        ['Sweep file', file === null || file === undefined ? 'the command line' : basename(file)],
        ['Definition SHA-256', html`<code>${definitionSha256 ?? NONE}</code>`],
        ['Command', html`<code>${(command ?? []).join(' ')}</code>`],
        ['satsim', satsim ?? NONE],
        ['Runs', String(new Set(cells.flatMap(({ runId }) => runId ?? [])).size)],
      ],
    )}
    <details>
      <summary>Definition</summary>
      <pre>${JSON.stringify(definition ?? null, null, 1)}</pre>
    </details>`;
}

function drawn({ parameters, cells }: ReportedSweep): SweepData {
  const series = [...new Map(cells.flatMap(({ flows }) => flows.map(({ id, lane }) => [`${id}\n${lane}`, { flow: id, lane }] as const))).values()];
  const flowOf = (cell: SweepCell, { flow, lane }: { flow: string; lane: string }): FlowSummary | undefined =>
    cell.flows.find((one) => one.id === flow && one.lane === lane);
  // Only what some cell has a value of.
  const known = QUANTITIES.filter(({ of }) => cells.some(({ flows }) => flows.some((flow) => typeof of(flow) === 'number')));
  return {
    parameters,
    series,
    quantities: known.map(({ name }) => name),
    cells: cells.map((cell) => ({
      parameters: parameters.map((name) => scalar(cell.parameters[name])),
      results: series.map((one) => {
        const flow = flowOf(cell, one);
        return known.map(({ of }) => (flow && of(flow)) ?? null);
      }),
    })),
  };
}

function scalar(value: unknown): string | number | boolean | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? JSON.stringify(value) : (value as string | number | boolean);
}

const isNumeric = (cells: readonly SweepCell[], parameter: string): boolean => cells.every(({ parameters }) => typeof parameters[parameter] === 'number');

const valueText = (value: unknown): string => String(scalar(value) ?? NONE);
