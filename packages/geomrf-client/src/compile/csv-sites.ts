import { toNodeId } from '@satsim/core';
import { csvRows, numberOf } from './csv-rows.js';
import type { FileFault } from './csv-rows.js';

export interface CsvColumns {
  /** Column numbers from 0. */
  readonly id: number;
  readonly lat: number;
  readonly lon: number;
  readonly alt_m?: number | undefined;
}

interface CsvSite {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly altM: number;
}

export interface CsvSites {
  readonly sites: readonly CsvSite[];
  readonly faults: readonly FileFault[];
}

/** Sites of a CSV file, the first `limit` rows. A first row without numbers where coordinates should be is a header. */
export function parseCsvSites(content: Uint8Array, columns: CsvColumns, limit = Infinity): CsvSites {
  const { rows, faults: unreadable } = csvRows(content, [columns.lat, columns.lon]);
  if (unreadable.length > 0) return { sites: [], faults: unreadable };

  const sites: CsvSite[] = [];
  const faults: { line: number; message: string }[] = [];
  const lineOf = new Map<string, number>();
  for (const { record, info } of rows.slice(0, limit)) {
    const fault = (message: string) => faults.push({ line: info.lines, message });
    const coordinate = (name: 'lat' | 'lon' | 'alt_m', low: number, high: number): number => {
      const column = columns[name];
      if (column === undefined) return 0;
      const text = record[column];
      const value = numberOf(text);
      if (text === undefined) fault(`there is no column ${column} (${name}); the row has ${record.length}`);
      else if (!Number.isFinite(value)) fault(`${name} in column ${column} is not a number: ${JSON.stringify(text)}`);
      else if (value < low || value > high) fault(`${name} ${value} is not between ${low} and ${high}`);
      return value;
    };
    const id = toNodeId(record[columns.id] ?? '');
    const site = { id, lat: coordinate('lat', -90, 90), lon: coordinate('lon', -180, 360), altM: coordinate('alt_m', -500, 100_000) };
    if (id === '') fault(`there is no id in column ${columns.id}`);
    else if (lineOf.has(id)) fault(`node id ${id} is used in line ${lineOf.get(id)} already`);
    else {
      lineOf.set(id, info.lines);
      sites.push(site);
    }
  }
  if (rows.length === 0) return { sites, faults: [{ line: null, message: 'the file holds no sites' }] };
  return { sites, faults };
}
