import { csvRows, numberOf } from './csv-rows.js';
import type { FileFault } from './csv-rows.js';

export interface RainColumns {
  /** Column numbers from 0. */
  readonly at_s: number;
  readonly rain_mm_per_h: number;
}

export interface RainSeries {
  readonly samples: readonly { readonly atMs: number; readonly rainMmPerH: number }[];
  readonly faults: readonly FileFault[];
}

const MOST_MM_PER_H = 1_000;

/** A time series of rain rates; times are seconds, rounded to milliseconds, and have to ascend. */
export function parseRainSeries(content: Uint8Array, columns: RainColumns): RainSeries {
  const { rows, faults: unreadable } = csvRows(content, [columns.at_s, columns.rain_mm_per_h]);
  if (unreadable.length > 0) return { samples: [], faults: unreadable };
  if (rows.length === 0) return { samples: [], faults: [{ line: null, message: 'the file holds no samples' }] };
  const faults: FileFault[] = [];
  let before = -Infinity;
  const samples = rows.map(({ record, info: { lines: line } }) => {
    const value = (name: keyof RainColumns, most: number): number => {
      const text = record[columns[name]];
      const number = numberOf(text);
      if (text === undefined) faults.push({ line, message: `there is no column ${columns[name]} (${name}); the row has ${record.length}` });
      else if (!Number.isFinite(number)) faults.push({ line, message: `${name} in column ${columns[name]} is not a number: ${JSON.stringify(text)}` });
      else if (number < 0 || number > most) faults.push({ line, message: `${name} ${number} is not between 0 and ${most}` });
      return number;
    };
    const sample = { atMs: Math.round(value('at_s', Number.MAX_SAFE_INTEGER / 1e3) * 1e3), rainMmPerH: value('rain_mm_per_h', MOST_MM_PER_H) };
    if (sample.atMs <= before) faults.push({ line, message: `at_s ${sample.atMs / 1e3} is not after the one before it, ${before / 1e3}` });
    before = sample.atMs;
    return sample;
  });
  return { samples: faults.length === 0 ? samples : [], faults };
}
