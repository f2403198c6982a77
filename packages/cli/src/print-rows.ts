import { print, printJson } from './output.js';
import { formatCsv, formatTable } from './table.js';
import type { Cell } from './table.js';

export type Row = Readonly<Record<string, Cell>>;

/** Lists have their items behind each other, with `; ` between them. */
export function printCsv<Key extends string>(rows: readonly Readonly<Record<Key, Cell | readonly Cell[]>>[], header: readonly Key[]): Promise<void> {
  const cellOf = (value: Cell | readonly Cell[]): Cell => (Array.isArray(value) ? value.join('; ') : (value as Cell));
  return print(
    formatCsv(
      header,
      rows.map((row) => header.map((key) => cellOf(row[key] ?? null))),
    ),
  );
}

/** Rows of one shape in the format that was asked for; a table rounds, JSON and CSV lose nothing. */
export function printRows(rows: readonly Row[], header: readonly string[], format: 'table' | 'json' | 'csv'): Promise<void> {
  if (format === 'json') return printJson(rows);
  if (format === 'csv') return printCsv(rows, header);
  const columns = header.map((key) => {
    const numbers = rows.flatMap((row) => (typeof row[key] === 'number' ? [row[key]] : []));
    const digits = numbers.every(Number.isInteger) ? 0 : 3;
    const readable = (cell: Cell): Cell => (typeof cell === 'number' ? cell.toFixed(digits) : cell);
    return { title: key, value: (row: Row) => readable(row[key] ?? null), align: numbers.length > 0 ? ('right' as const) : ('left' as const) };
  });
  return print(formatTable(rows, columns));
}
