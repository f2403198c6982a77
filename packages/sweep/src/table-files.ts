import { openArtifactArea } from '@satsim/core';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { CHOSEN_BY } from './chosen-by.js';
import type { FlatTable, TableCell, TableValue } from './table.js';

/** In the folder of the sweep. */
export const TABLE_PATH = 'table.json';
export const TABLE_PATHS = [TABLE_PATH, 'table.csv', 'table.parquet'] as const;

/** Of `table.json`: everything; `table.csv` and `table.parquet` have a row for each flow. */
export interface TableFile {
  readonly sweepId: string;
  readonly parameters: readonly string[];
  readonly cells: readonly TableCell[];
}

export async function writeTables(sweepDir: string, file: TableFile, flat: FlatTable): Promise<void> {
  const area = await openArtifactArea(sweepDir, CHOSEN_BY);
  await area.writeFile(TABLE_PATH, `${JSON.stringify(file, null, 2)}\n`);
  await area.writeFile(TABLE_PATHS[1], `${formatCsv(flat)}\n`);
  await area.writeFile(TABLE_PATHS[2], parquet(flat));
}

/** As RFC 4180 has it; null is an empty field. */
export function formatCsv({ columns, rows }: FlatTable): string {
  return [columns.map(({ name }) => name), ...rows].map((row) => row.map(field).join(',')).join('\n');
}

function field(value: TableValue): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const TYPES = { text: 'STRING', number: 'DOUBLE', boolean: 'BOOLEAN' } as const;

function parquet({ columns, rows }: FlatTable): Uint8Array {
  const columnData = columns.map(({ name, kind }, index) => ({ name, type: TYPES[kind], nullable: true, data: rows.map((row) => row[index] ?? null) }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
