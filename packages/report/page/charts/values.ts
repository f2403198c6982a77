import uPlot from 'uplot';

/** A quantity over time, as a chart draws it. */
export interface Line {
  readonly label: string;
  readonly color: number;
  readonly dash: number;
  /** Seconds, ascending. */
  readonly timeS: ArrayLike<number>;
  /** NaN where there is no value. */
  readonly values: ArrayLike<number>;
}

/** What uPlot takes: one time for all. */
export function aligned(lines: readonly Line[]): uPlot.AlignedData {
  const tables = lines.map(({ timeS, values }): uPlot.AlignedData => [Array.from(timeS), Array.from(values, (value) => (Number.isNaN(value) ? null : value))]);
  if (tables.length === 0) return [[]];
  const [first] = lines;
  const same = lines.every(
    ({ timeS }) => timeS === first!.timeS || (timeS.length === first!.timeS.length && tables[0]![0].every((value, i) => value === timeS[i])),
  );
  return same ? [tables[0]![0], ...tables.map((table) => table[1]!)] : uPlot.join(tables);
}

/** A value holds until the next one. */
export function valueAt({ timeS, values }: Line, atS: number): number {
  let [low, high] = [0, timeS.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeS[middle]! <= atS + 1e-9) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? Number.NaN : values[low - 1]!;
}

/** A flat line lies in the middle, and what is never negative has no axis below zero. */
export function padded(min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = max === min ? Math.max(Math.abs(max) * 0.1, 0.5) : (max - min) * 0.08;
  return [min >= 0 ? Math.max(0, min - room) : min - room, max + room];
}

/** Four significant digits, without an exponent unless it is tiny. */
export function plain(value: number): string {
  if (value === 0 || (Number.isInteger(value) && Math.abs(value) < 1e6)) return String(value);
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(Math.abs(value) >= 100 ? 5 : 4)));
}
