import { styleText } from 'node:util';
import type { FlowSummary, RunResult } from '@satsim/core';
import { agreementTable } from './comparison-table.js';
import { placeOf } from './place-of.js';
import { formatTable } from './table.js';
import type { Column } from './table.js';

const LANE: Column<FlowSummary> = { title: 'lane', value: (flow) => flow.lane };
const LOSS: Column<FlowSummary> = { title: 'loss', value: ({ lossPct }) => figure(lossPct?.mean, 2, '%'), align: 'right' };
const GOODPUT: Column<FlowSummary> = { title: 'goodput', value: ({ goodputMbps }) => figure(goodputMbps?.mean, 3, 'Mbit/s'), align: 'right' };
const FLOW_COLUMNS: readonly Column<FlowSummary>[] = [
  { title: 'flow', value: (flow) => flow.id },
  { title: 'RTT min', value: (flow) => figure(flow.rttMs?.min, 2, 'ms'), align: 'right' },
  { title: 'median', value: (flow) => figure(flow.rttMs?.median, 2, 'ms'), align: 'right' },
  { title: 'p99', value: (flow) => figure(flow.rttMs?.p99, 2, 'ms'), align: 'right' },
  { title: 'max', value: (flow) => figure(flow.rttMs?.max, 2, 'ms'), align: 'right' },
  { title: 'available', value: (flow) => (flow.availability === null ? null : `${(100 * flow.availability).toFixed(2)} %`), align: 'right' },
  { title: 'outages', value: (flow) => (flow.outages === 0 ? '0' : `${flow.outages} (≤ ${flow.longestOutageS} s)`), align: 'right' },
  LOSS,
  GOODPUT,
  { title: 'handovers', value: (flow) => flow.handovers, align: 'right' },
  { title: 'path changes', value: (flow) => flow.pathChanges, align: 'right' },
];

const WHERE_KNOWN = new Set([LOSS, GOODPUT]);

/** What a run did, for people: how it ended, each flow in each lane, assertions, and where the files are. */
export function describeResult(result: RunResult): string {
  return [
    `${styleText('bold', result.runId)} ${styleText(result.outcome === 'completed' ? 'green' : 'red', result.outcome)} after ${result.ticks} ticks`,
    ...lanesInTrouble(result),
    ...(result.flows.length === 0 ? [] : ['', flowTable(result), ...pathLines(result.flows)]),
    ...figureLines(result),
    ...(result.comparison?.length ? ['', styleText('bold', 'how the lanes agree'), agreementTable(result.comparison)] : []),
    ...(result.assertions.length === 0 ? [] : ['', ...result.assertions.map(assertionLine)]),
    '',
    `files  ${placeOf(result.runDir)}`,
    `trace  ${result.traceSha256 === null ? 'incomplete' : `sha256 ${result.traceSha256}`}`,
  ].join('\n');
}

/** Loss and goodput where any flow has them: their means over the run. */
function flowTable({ flows, lanes }: RunResult): string {
  const columns = FLOW_COLUMNS.filter((column) => !WHERE_KNOWN.has(column) || flows.some((flow) => column.value(flow) !== null));
  return formatTable(flows, lanes.length > 1 ? [LANE, ...columns] : columns);
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

/** Undefined also where an earlier version did not write it. */
function figure(value: number | undefined, digits: number, unit: string): string | null {
  return value === undefined ? null : `${value.toFixed(digits)} ${unit}`;
}
