import { styleText } from 'node:util';
import type { FlowSummary, RunResult } from '@satsim/core';
import { agreementTable } from './comparison-table.js';
import { placeOf } from './place-of.js';
import { formatTable } from './table.js';
import type { Column } from './table.js';

const LANE: Column<FlowSummary> = { title: 'lane', value: (flow) => flow.lane };
const FLOW_COLUMNS: readonly Column<FlowSummary>[] = [
  { title: 'flow', value: (flow) => flow.id },
  { title: 'RTT min', value: (flow) => milliseconds(flow.rttMs?.min), align: 'right' },
  { title: 'median', value: (flow) => milliseconds(flow.rttMs?.median), align: 'right' },
  { title: 'p99', value: (flow) => milliseconds(flow.rttMs?.p99), align: 'right' },
  { title: 'max', value: (flow) => milliseconds(flow.rttMs?.max), align: 'right' },
  { title: 'available', value: (flow) => (flow.availability === null ? null : `${(100 * flow.availability).toFixed(2)} %`), align: 'right' },
  { title: 'outages', value: (flow) => (flow.outages === 0 ? '0' : `${flow.outages} (≤ ${flow.longestOutageS} s)`), align: 'right' },
  { title: 'handovers', value: (flow) => flow.handovers, align: 'right' },
  { title: 'path changes', value: (flow) => flow.pathChanges, align: 'right' },
];

/** What a run did, for people: how it ended, each flow in each lane, assertions, and where the files are. */
export function describeResult(result: RunResult): string {
  return [
    `${styleText('bold', result.runId)} ${styleText(result.outcome === 'completed' ? 'green' : 'red', result.outcome)} after ${result.ticks} ticks`,
    ...lanesInTrouble(result),
    ...(result.flows.length === 0
      ? []
      : ['', formatTable(result.flows, result.lanes.length > 1 ? [LANE, ...FLOW_COLUMNS] : FLOW_COLUMNS), ...pathLines(result.flows)]),
    ...figureLines(result),
    ...(result.comparison?.length ? ['', styleText('bold', 'how the lanes agree'), agreementTable(result.comparison)] : []),
    ...(result.assertions.length === 0 ? [] : ['', ...result.assertions.map(assertionLine)]),
    '',
    `files  ${placeOf(result.runDir)}`,
    `trace  ${result.traceSha256 === null ? 'incomplete' : `sha256 ${result.traceSha256}`}`,
  ].join('\n');
}

/** The way that each flow took most of the time; lanes that agree on it stand in one line. */
function pathLines(flows: readonly FlowSummary[]): string[] {
  const lines = flows.flatMap(({ id, mainPath }) =>
    mainPath === null ? [] : [`${id}: ${mainPath.nodes.join(' > ')} (${Math.round(100 * mainPath.share)} % of the time)`],
  );
  return lines.length === 0 ? [] : ['', styleText('bold', 'main paths'), ...new Set(lines)];
}

/** What lanes have counted, a line for each that has counted anything. */
function figureLines({ lanes }: RunResult): string[] {
  const lines = lanes.flatMap(({ name, figures = {} }) => {
    const told = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`);
    return told.length === 0 ? [] : [`lane ${name}: ${told.join(', ')}`];
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

function lanesInTrouble(result: RunResult): string[] {
  return [
    ...result.lanes.filter((lane) => lane.error !== null).map((lane) => `lane ${lane.name} failed after ${lane.ticks} ticks: ${lane.error}`),
    ...result.exporters.filter((exporter) => exporter.error !== null).map((exporter) => `exporter ${exporter.name} failed: ${exporter.error}`),
    ...result.exporters.filter((exporter) => exporter.dropped > 0).map((exporter) => `exporter ${exporter.name} lost ${exporter.dropped} ticks`),
  ];
}

function assertionLine({ ok, flow, lane, quantity, op, value, actual }: RunResult['assertions'][number]): string {
  return `${ok ? styleText('green', 'holds') : styleText('red', 'FAILS')}  ${flow} (${lane}): ${quantity} ${op} ${value}, was ${actual === null ? 'not measured' : Number(actual.toPrecision(6))}`;
}

function milliseconds(value: number | undefined): string | null {
  return value === undefined ? null : `${value.toFixed(2)} ms`;
}
