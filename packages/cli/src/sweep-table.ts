import type { SweepResult, TableCell } from '@satsim/sweep';
import { styleText } from 'node:util';
import type { FlowSummary } from '@satsim/core';
import { placeOf } from './place-of.js';
import { formatTable } from './table.js';
import type { Cell, Column } from './table.js';

interface Row {
  readonly cell: TableCell;
  readonly flow: FlowSummary | null;
}

/** What a sweep found, for people: a line for each flow of each cell, with the parameters that differ. */
export function describeSweep({ sweepId, sweepDir, state, parameters, counts, cells }: SweepResult): string {
  const rows = cells.flatMap((cell): Row[] => (cell.flows.length === 0 ? [{ cell, flow: null }] : cell.flows.map((flow) => ({ cell, flow }))));
  const { done, failed, running, missing, ran } = counts;
  const told = Object.entries({ done, failed, running, missing }).flatMap(([name, count]) => (count === 0 ? [] : [`${count} ${name}`]));
  return [
    `${styleText('bold', sweepId)} ${styleText(state === 'completed' ? 'green' : 'red', state)}: ${counts.cells} cells, ${told.join(', ')}; ${ran} run now`,
    '',
    formatTable(rows, columnsFor(rows, parameters)),
    '',
    `files  ${placeOf(sweepDir)}`,
    'tables table.json, table.csv, table.parquet',
  ].join('\n');
}

function columnsFor(rows: readonly Row[], parameters: readonly string[]): readonly Column<Row>[] {
  const differ = (value: (row: Row) => unknown): boolean => new Set(rows.map((row) => JSON.stringify(value(row) ?? null))).size > 1;
  const several = (value: (row: Row) => string | undefined): boolean => new Set(rows.flatMap((row) => value(row) ?? [])).size > 1;
  const shown = parameters.filter(
    (path) => differ(({ cell }) => cell.parameters[path]) && !(path === 'seed' && rows.some(({ cell }) => cell.replicate !== null)),
  );
  const measured = (key: 'rttMs' | 'lossPct' | 'goodputMbps'): boolean => rows.some(({ flow }) => flow?.[key]);
  const quantity = (title: string, key: 'rttMs' | 'lossPct' | 'goodputMbps', statistic: 'median' | 'p99' | 'mean'): Column<Row> => ({
    title,
    value: ({ flow }) => flow?.[key]?.[statistic].toFixed(2) ?? null,
    align: 'right',
  });
  const optional = (wanted: boolean, ...columns: readonly Column<Row>[]): readonly Column<Row>[] => (wanted ? columns : []);
  return [
    { title: 'cell', value: ({ cell }) => cell.cell },
    ...shown.map((path): Column<Row> => ({ title: shortName(path, shown), value: ({ cell }) => textOf(cell.parameters[path]), align: 'right' })),
    ...optional(
      rows.some(({ cell }) => cell.replicate !== null),
      { title: 'replicate', value: ({ cell }) => cell.replicate, align: 'right' },
    ),
    { title: 'status', value: ({ cell }) => statusOf(cell) },
    ...optional(
      several(({ flow }) => flow?.id),
      { title: 'flow', value: ({ flow }) => flow?.id ?? null },
    ),
    ...optional(
      several(({ flow }) => flow?.lane),
      { title: 'lane', value: ({ flow }) => flow?.lane ?? null },
    ),
    ...optional(measured('rttMs'), quantity('RTT ms', 'rttMs', 'median'), quantity('p99', 'rttMs', 'p99')),
    ...optional(measured('goodputMbps'), quantity('Mbit/s', 'goodputMbps', 'mean')),
    ...optional(measured('lossPct'), quantity('loss %', 'lossPct', 'mean')),
    { title: 'available', value: ({ flow }) => (typeof flow?.availability === 'number' ? `${(100 * flow.availability).toFixed(2)} %` : null), align: 'right' },
    { title: 'handovers', value: ({ flow }) => flow?.handovers ?? null, align: 'right' },
  ];
}

/** The last part of a path says enough where no other parameter ends like it. */
function shortName(path: string, all: readonly string[]): string {
  const last = (of: string): string => of.slice(of.lastIndexOf('.') + 1);
  return all.filter((other) => last(other) === last(path)).length > 1 ? path : last(path);
}

function textOf(value: unknown): Cell {
  return value === undefined ? null : typeof value === 'object' ? JSON.stringify(value) : (value as Cell);
}

export function statusOf({ status, assertions }: TableCell): string {
  return status === 'done' && assertions.some(({ ok }) => !ok) ? 'assertion fails' : status;
}
