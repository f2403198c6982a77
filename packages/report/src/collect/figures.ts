import type { Figures } from '../report-data.js';

/** `null` without any value. Between two values a quantile lies on the line from one to the other, as in core's summaries. */
export function figuresOf(values: readonly (number | null)[]): Figures | null {
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
  if (sorted.length === 0) return null;
  const quantile = (share: number): number => {
    const place = share * (sorted.length - 1);
    const low = Math.floor(place);
    const next = sorted[Math.min(low + 1, sorted.length - 1)]!;
    return sorted[low]! + (next - sorted[low]!) * (place - low);
  };
  return { min: sorted[0]!, median: quantile(0.5), p99: quantile(0.99), max: sorted.at(-1)! };
}
