import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';

export interface CsvRow {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Something wrong in a line of a file; `null` where it is the file as a whole. */
export interface FileFault {
  readonly line: number | null;
  readonly message: string;
}

/** Blank and other non-numbers are NaN; `Number('')` would be 0, which is a value. */
export const numberOf = (text: string | undefined): number => (text === undefined || text === '' ? NaN : Number(text));

/** Rows of a CSV file. A first row without a number in any of the columns that hold numbers is a header, and left out. */
export function csvRows(content: Uint8Array, numeric: readonly number[]): { readonly rows: readonly CsvRow[]; readonly faults: readonly FileFault[] } {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true };
    const rows = parse<CsvRow>(Buffer.from(content), options as never);
    const [first] = rows;
    if (first !== undefined && numeric.every((column) => Number.isNaN(numberOf(first.record[column])))) rows.shift();
    return { rows, faults: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { rows: [], faults: [{ line: (error as CsvError & { lines?: number }).lines ?? null, message: error.message }] };
  }
}
