import type { AssertionResult, Distribution, FlowSummary } from '@satsim/core';
import type { Cell } from './cells.js';
import type { CellStanding, Standing } from './standing.js';

/** One cell with its results, as `table.json` has it. */
export interface TableCell extends Cell {
  readonly status: Standing;
  /** Why it is not done; `null` when it is. */
  readonly reason: string | null;
  /** Of its run, as `satsim run` would give it; `null` without a run. */
  readonly exitCode: number | null;
  readonly runId: string | null;
  /** Absolute. */
  readonly runDir: string | null;
  readonly ticks: number | null;
  readonly traceSha256: string | null;
  readonly durationMs: number | null;
  readonly flows: readonly FlowSummary[];
  readonly assertions: readonly AssertionResult[];
}

export function tableCell({ cell, standing, why, run }: CellStanding): TableCell {
  const summary = standing === 'done' || standing === 'failed' ? (run?.summary ?? null) : null;
  return {
    ...cell,
    status: standing,
    reason: standing === 'done' ? null : why,
    exitCode: summary?.exitCode ?? (standing === 'failed' ? 1 : null),
    runId: run?.runId ?? null,
    runDir: run?.runDir ?? null,
    ticks: summary?.ticks ?? null,
    traceSha256: summary?.traceSha256 ?? null,
    durationMs: summary?.durationMs ?? null,
    flows: summary?.flows ?? [],
    assertions: summary?.assertions ?? [],
  };
}

export type TableValue = string | number | boolean | null;
export interface TableColumn {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean';
}
export interface FlatTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly TableValue[])[];
}

const text = (name: string): TableColumn => ({ name, kind: 'text' });
const number = (name: string): TableColumn => ({ name, kind: 'number' });
const STATISTICS = ['min', 'mean', 'median', 'p99', 'max'] as const satisfies readonly (keyof Distribution)[];
const QUANTITIES = { rtt_ms: 'rttMs', one_way_delay_ms: 'oneWayDelayMs', loss_pct: 'lossPct', goodput_mbps: 'goodputMbps' } as const;
const CELL_COLUMNS = [text('cell'), number('replicate')];
const RUN_COLUMNS = [
  text('status'),
  text('reason'),
  number('exit_code'),
  text('run_id'),
  text('run_dir'),
  number('ticks'),
  text('trace_sha256'),
  number('duration_s'),
  number('assertions'),
  number('assertions_failed'),
  text('failed_assertions'),
];
const FLOW_COLUMNS = [
  text('flow'),
  text('lane'),
  number('samples'),
  ...Object.keys(QUANTITIES).flatMap((quantity) => STATISTICS.map((statistic) => number(`${quantity}_${statistic}`))),
  number('availability'),
  number('outages'),
  number('longest_outage_s'),
  number('path_changes'),
  number('handovers'),
];

/** A row for each flow in each lane of each cell; one row for a cell without any. Parameters are called as in the scenario. */
export function flatTable(cells: readonly TableCell[], parameters: readonly string[]): FlatTable {
  const columns = parameters.map((path) => ({ name: path, kind: kindOf(cells.map((cell) => cell.parameters[path] ?? null)) }));
  const rows = cells.flatMap((cell) => {
    const own: TableValue[] = [cell.cell, cell.replicate, ...columns.map(({ name, kind }) => typed(cell.parameters[name] ?? null, kind)), ...runValues(cell)];
    return (cell.flows.length === 0 ? [null] : cell.flows).map((flow) => [...own, ...flowValues(flow)]);
  });
  return { columns: [...CELL_COLUMNS, ...columns, ...RUN_COLUMNS, ...FLOW_COLUMNS], rows };
}

function runValues({ status, reason, exitCode, runId, runDir, ticks, traceSha256, durationMs, assertions }: TableCell): TableValue[] {
  const broken = assertions.filter(({ ok }) => !ok);
  const seconds = durationMs === null ? null : durationMs / 1000;
  const told = broken.map(({ flow, lane, quantity, op, value }) => `${flow} (${lane}): ${quantity} ${op} ${value}`).join('; ');
  const counts = runId === null ? [null, null, null] : [assertions.length, broken.length, told];
  return [status, reason, exitCode, runId, runDir, ticks, traceSha256, seconds, ...counts];
}

function flowValues(flow: FlowSummary | null): TableValue[] {
  if (flow === null) return FLOW_COLUMNS.map(() => null);
  const quantities = Object.values(QUANTITIES).flatMap((key) => STATISTICS.map((statistic) => flow[key]?.[statistic] ?? null));
  const { id, lane, samples, availability, outages, longestOutageS, pathChanges, handovers } = flow;
  return [id, lane, samples, ...quantities, availability, outages, longestOutageS, pathChanges, handovers];
}

function kindOf(values: readonly unknown[]): TableColumn['kind'] {
  const present = values.filter((value) => value !== null);
  if (present.length > 0 && present.every((value) => typeof value === 'number')) return 'number';
  return present.length > 0 && present.every((value) => typeof value === 'boolean') ? 'boolean' : 'text';
}

/** What is neither text nor number nor flag is written as JSON. */
function typed(value: unknown, kind: TableColumn['kind']): TableValue {
  if (value === null || kind !== 'text' || typeof value === 'string') return value as TableValue;
  return JSON.stringify(value);
}
