/**
 * Satellites sorted by the direction in which they stand from the Earth's centre: cells of equal height in z/r and equal width in a
 * monotonic function of longitude that needs no arctangent.
 */
export class DirectionCells {
  /** Satellites in the order of their cells, ascending within each. */
  readonly satellite: Int32Array;
  /** Unit vectors, in the same order. */
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  /** Members of cell `c` are `start[c]` to `start[c + 1]`; cells of one band follow each other. */
  readonly start: Int32Array;
  readonly bands: number;
  readonly columns: number;

  readonly #cellOf: Int32Array;
  readonly #unitX: Float64Array;
  readonly #unitY: Float64Array;
  readonly #unitZ: Float64Array;
  readonly #next: Int32Array;

  /** @param size how many satellites there are */
  constructor(size: number) {
    // About 4 satellites in a cell, were they evenly spread.
    this.bands = Math.max(1, Math.round(Math.sqrt(size / 8)));
    this.columns = 2 * this.bands;
    const column = (): Float64Array => new Float64Array(size);
    [this.x, this.y, this.z, this.#unitX, this.#unitY, this.#unitZ] = [column(), column(), column(), column(), column(), column()];
    this.satellite = new Int32Array(size);
    this.#cellOf = new Int32Array(size);
    this.start = new Int32Array(this.bands * this.columns + 1);
    this.#next = new Int32Array(this.bands * this.columns);
  }

  /** Sorts anew; a satellite without a position (NaN) is found in any cell. */
  sort(x: Float64Array, y: Float64Array, z: Float64Array): void {
    const { start, satellite } = this;
    const [cellOf, unitX, unitY, unitZ, next] = [this.#cellOf, this.#unitX, this.#unitY, this.#unitZ, this.#next];
    const [sortedX, sortedY, sortedZ] = [this.x, this.y, this.z];
    start.fill(0);
    for (let i = 0; i < cellOf.length; i++) {
      const inverse = 1 / Math.sqrt(x[i] * x[i] + y[i] * y[i] + z[i] * z[i]);
      unitX[i] = x[i] * inverse;
      unitY[i] = y[i] * inverse;
      unitZ[i] = z[i] * inverse;
      const cell = this.bandOf(unitZ[i]) * this.columns + this.columnOf(unitX[i], unitY[i]);
      cellOf[i] = cell;
      start[cell + 1]++;
    }
    for (let c = 0; c < next.length; c++) {
      next[c] = start[c];
      start[c + 1] += start[c];
    }
    for (let i = 0; i < cellOf.length; i++) {
      const place = next[cellOf[i]]++;
      satellite[place] = i;
      sortedX[place] = unitX[i];
      sortedY[place] = unitY[i];
      sortedZ[place] = unitZ[i];
    }
  }

  /** @param sinLatitude −1 to 1, geocentric */
  bandOf(sinLatitude: number): number {
    const band = ((sinLatitude + 1) * 0.5 * this.bands) | 0;
    return band >= this.bands ? this.bands - 1 : band;
  }

  /** Of any vector (x, y): the quadrant and y/(|x| + |y|) within it, 0 to 4 around the circle. */
  columnOf(x: number, y: number): number {
    const sine = y / (Math.abs(x) + Math.abs(y));
    const around = x < 0 ? 2 - sine : sine < 0 ? 4 + sine : sine;
    const column = (around * 0.25 * this.columns) | 0;
    return column >= this.columns ? this.columns - 1 : column;
  }
}
