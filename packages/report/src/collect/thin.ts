/** More points than this are no use to a chart. */
const POINTS = 4000;

/**
 * Which rows of a long series to keep: of every stretch the first row, those with the least and the largest value of each
 * column, and every row that `always` names. What a chart shows stays true: no peak is lost, only what lies between.
 */
export function rowsToKeep(length: number, columns: readonly ArrayLike<number | null>[], always: (row: number) => boolean, points = POINTS): Uint32Array {
  if (length <= points) return Uint32Array.from({ length }, (_, row) => row);
  const stretch = Math.ceil((length * (1 + 2 * columns.length)) / points);
  const rows = new Set<number>([length - 1]);
  for (let from = 0; from < length; from += stretch) {
    const to = Math.min(length, from + stretch);
    rows.add(from);
    for (const column of columns) {
      let least = -1;
      let most = -1;
      for (let row = from; row < to; row += 1) {
        const value = column[row];
        if (value === null || value === undefined) continue;
        if (least < 0 || value < column[least]!) least = row;
        if (most < 0 || value > column[most]!) most = row;
      }
      if (least >= 0) rows.add(least).add(most);
    }
  }
  for (let row = 0; row < length; row += 1) if (always(row)) rows.add(row);
  return Uint32Array.from(rows).sort();
}
