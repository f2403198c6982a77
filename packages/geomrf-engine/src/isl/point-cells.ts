const MAX_CELLS_PER_AXIS = 64;

/** Points in a cube around the Earth's centre, sorted into cells, to find those near another one. */
export class PointCells {
  /** Points that take part; those without a position are left out by {@link sort}. */
  readonly #points: Int32Array;
  readonly #k: number;
  readonly #members: Int32Array;
  readonly #cellOf: Int32Array;
  readonly #distance2: Float64Array;
  #start = new Int32Array(0);
  #cells = 1;
  #extent = 0;
  #cellKm = 0;
  #x: Float64Array = new Float64Array(0);
  #y: Float64Array = new Float64Array(0);
  #z: Float64Array = new Float64Array(0);

  /** @param k how many near ones will be asked for */
  constructor(points: Int32Array, k: number) {
    this.#points = points;
    this.#k = k;
    this.#members = new Int32Array(points.length);
    this.#cellOf = new Int32Array(points.length);
    this.#distance2 = new Float64Array(k);
  }

  sort(x: Float64Array, y: Float64Array, z: Float64Array): void {
    [this.#x, this.#y, this.#z] = [x, y, z];
    let farthest2 = 0;
    for (const i of this.#points) {
      const r2 = x[i] * x[i] + y[i] * y[i] + z[i] * z[i];
      if (r2 > farthest2) farthest2 = r2;
    }
    const extent = Math.sqrt(farthest2) + 1;
    // On a sphere of that size a cell holds about k/4 points of each of the surfaces that cross it.
    const wanted = Math.ceil(2 / Math.sqrt((Math.PI * this.#k) / Math.max(1, this.#points.length)));
    const cells = Math.max(1, Math.min(MAX_CELLS_PER_AXIS, wanted));
    [this.#extent, this.#cells, this.#cellKm] = [extent, cells, (2 * extent) / cells];
    if (this.#start.length !== cells ** 3 + 1) this.#start = new Int32Array(cells ** 3 + 1);
    const [start, cellOf] = [this.#start.fill(0), this.#cellOf];
    this.#points.forEach((i, p) => {
      cellOf[p] = Number.isNaN(x[i]) ? -1 : (this.#axis(x[i]) * cells + this.#axis(y[i])) * cells + this.#axis(z[i]);
      if (cellOf[p] >= 0) start[cellOf[p]]++;
    });
    // From ends to beginnings: filling backwards leaves each cell ascending.
    for (let c = 0, sum = 0; c < start.length; c++) start[c] = sum += start[c];
    for (let p = cellOf.length - 1; p >= 0; p--) if (cellOf[p] >= 0) this.#members[--start[cellOf[p]]] = this.#points[p];
  }

  /** Writes the k points nearest to one, by distance, into `near` from a place on. @returns how many there are */
  nearest(i: number, near: Int32Array, from: number): number {
    const [x, y, z, k, cells] = [this.#x, this.#y, this.#z, this.#k, this.#cells];
    const [start, members, distance2] = [this.#start, this.#members, this.#distance2];
    if (Number.isNaN(x[i])) return 0;
    const [cx, cy, cz] = [this.#axis(x[i]), this.#axis(y[i]), this.#axis(z[i])];
    let count = 0;
    for (let reach = 0; reach < cells; reach++) {
      for (let u = Math.max(0, cx - reach); u <= Math.min(cells - 1, cx + reach); u++) {
        for (let v = Math.max(0, cy - reach); v <= Math.min(cells - 1, cy + reach); v++) {
          const onFace = Math.abs(u - cx) === reach || Math.abs(v - cy) === reach;
          const row = (u * cells + v) * cells;
          // A whole row of cells, whose members follow each other, or its two ends.
          for (let end = 0; end < (onFace ? 1 : 2); end++) {
            const first = onFace ? Math.max(0, cz - reach) : end === 0 ? cz - reach : cz + reach;
            const last = onFace ? Math.min(cells - 1, cz + reach) : first;
            if (first < 0 || last >= cells) continue;
            for (let m = start[row + first]; m < start[row + last + 1]; m++) {
              const other = members[m];
              if (other === i) continue;
              const dx = x[i] - x[other];
              const dy = y[i] - y[other];
              const dz = z[i] - z[other];
              const range2 = dx * dx + dy * dy + dz * dz;
              if (count === k && range2 >= distance2[k - 1]) continue;
              let place = count < k ? count++ : k - 1;
              for (; place > 0 && distance2[place - 1] > range2; place--) {
                distance2[place] = distance2[place - 1];
                near[from + place] = near[from + place - 1];
              }
              distance2[place] = range2;
              near[from + place] = other;
            }
          }
        }
      }
      if (count === k && distance2[k - 1] <= (reach * this.#cellKm) ** 2) break; // nothing outside the cube can be nearer
    }
    return count;
  }

  #axis(value: number): number {
    return Math.floor((value + this.#extent) / this.#cellKm);
  }
}
