/** Decimals that a column keeps: about six significant digits of its largest value, and no more than a millionth. */
export function scaleFor(values: Iterable<number | null>, digits = 6): number {
  let largest = 0;
  for (const value of values) if (value !== null && Math.abs(value) > largest) largest = Math.abs(value);
  if (largest === 0) return 1;
  const decimals = digits - 1 - Math.floor(Math.log10(largest));
  return 10 ** Math.max(0, Math.min(6, decimals));
}
