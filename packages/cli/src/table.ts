import Table from 'cli-table3';

export type Cell = string | number | boolean | null;

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Cell;
  /** Numbers read best when their ends line up. */
  readonly align?: 'left' | 'right';
}

const BARE = {
  top: '', 'top-mid': '', 'top-left': '', 'top-right': '', bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '',
  left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '  ',
}; // prettier-ignore

/** A table for people: no frame, so that it can be copied and cut. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const table = new Table({
    head: columns.map((column) => column.title),
    colAligns: columns.map((column) => column.align ?? 'left'),
    chars: BARE,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  table.push(...rows.map((row) => columns.map((column) => text(column.value(row)))));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function text(cell: Cell): string {
  return cell === null ? '–' : String(cell);
}

/** Comma-separated values as RFC 4180 has them; null is an empty field. */
export function formatCsv(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [header, ...rows].map((row) => row.map(csvField).join(',')).join('\n');
}

function csvField(cell: Cell): string {
  const field = cell === null ? '' : String(cell);
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
