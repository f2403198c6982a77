import stringWidth from 'string-width';

export type Cell = string | number | boolean | null;

export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => Cell;
  /** Numbers read best when their ends line up. */
  readonly align?: 'left' | 'right';
}

/** A table for people: no frame, so that it can be copied and cut. A cell of several lines takes several lines. */
export function formatTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  const cells = [columns.map(({ title }) => [title]), ...rows.map((row) => columns.map(({ value }) => text(value(row)).split('\n')))];
  const widths = columns.map((_, column) => cells.reduce((widest, row) => Math.max(widest, ...row[column]!.map((line) => widthOf(line))), 0));
  const padded = (line: string, column: number): string => {
    const padding = ' '.repeat(widths[column]! - widthOf(line));
    return columns[column]!.align === 'right' ? padding + line : line + padding;
  };
  const lines = cells.flatMap((row) => {
    const height = Math.max(1, ...row.map((cell) => cell.length));
    return Array.from({ length: height }, (_, at) => row.map((cell, column) => padded(cell[at] ?? '', column)).join('  '));
  });
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** Columns of a terminal. Most texts need no closer look. */
function widthOf(line: string): number {
  return /^[\x20-\x7e]*$/.test(line) ? line.length : stringWidth(line);
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
