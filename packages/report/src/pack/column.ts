/** Where a column of numbers stands in the packed bytes of a report. */
export interface Column {
  /** Offset of its first byte. */
  readonly at: number;
  /** Values. */
  readonly n: number;
  /** A value is a whole number divided by this. */
  readonly scale: number;
  /** 1: whole numbers stand as differences; 2: as differences of differences, which are small where a curve is smooth. */
  readonly order: 1 | 2;
}
