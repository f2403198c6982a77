/** Columns as wide as they need to be, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => (row[column] ?? '').length)));
  const numeric = header.map((_, column) => rows.some((row) => /^[\d.]+( [a-z%]+)?$/.test(row[column] ?? '')));
  const cell = (text: string, column: number): string => (numeric[column] ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0));
  return [header, ...rows].map((row) => row.map(cell).join('  ').trimEnd()).join('\n');
}
