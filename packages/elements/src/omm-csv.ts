import { CsvError, parse } from 'csv-parse/sync';
import type { ElementFault } from './element-set.js';
import type { OmmRecord } from './omm-record.js';

/** The first line names the columns by their OMM keywords. */
export function parseOmmCsv(text: string, faults: ElementFault[]): OmmRecord[] {
  let rows: { record: string[]; info: { lines: number } }[];
  try {
    rows = parse(text, { relax_column_count: true, skip_empty_lines: true, trim: true, info: true }) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    faults.push({ line: typeof error['lines'] === 'number' ? error['lines'] : null, message: `not CSV: ${error.message}` });
    return [];
  }
  const [header, ...body] = rows;
  const records: OmmRecord[] = [];
  for (const { record: cells, info } of body) {
    if (cells.length === header!.record.length)
      records.push({ line: info.lines, fields: new Map(header!.record.map((keyword, column) => [keyword, cells[column]!])) });
    else faults.push({ line: info.lines, message: `${cells.length} cells under a header of ${header!.record.length}` });
  }
  return records;
}
