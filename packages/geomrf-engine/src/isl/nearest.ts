/** An existing link is given up only when another one is shorter than this share of it. */
const KEEP = 0.9;
const MAX_CELLS_PER_AXIS = 64;

interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/**
 * Links every satellite to its nearest ones, as many as it has room for: pairs are taken from the shortest up while both
 * ends have room. Links that exist count as a tenth shorter, which keeps them from flapping. Ties go to the lower index.
 */
export class NearestNeighbours {
  readonly #room: Int32Array;
  readonly #candidates: number;
  #linked: ReadonlySet<number> = new Set();

  /** @param room links that each satellite may have; those without room take no part */
  constructor(room: Int32Array) {
    this.#room = room;
    // Twice as many as needed: some of them will be taken by others.
    this.#candidates = 2 * room.reduce((most, each) => Math.max(most, each), 0);
  }

  /**
   * @param usable whether a pair may be linked now (range, line of sight)
   * @returns pairs `a < b`, ascending; the choice at one step depends on the last
   */
  choose(x: Float64Array, y: Float64Array, z: Float64Array, usable: (a: number, b: number) => boolean): readonly (readonly [a: number, b: number])[] {
    const size = x.length;
    const candidates = new Map<number, Candidate>();
    const consider = (one: number, other: number): void => {
      const [a, b] = one < other ? [one, other] : [other, one];
      const key = a * size + b;
      if (candidates.has(key) || !usable(a, b)) return;
      const range = Math.hypot(x[a] - x[b], y[a] - y[b], z[a] - z[b]);
      candidates.set(key, { a, b, weight: this.#linked.has(key) ? range * KEEP : range });
    };
    const points = Array.from(x.keys()).filter((i) => this.#room[i] > 0 && !Number.isNaN(x[i]));
    forNearest(points, x, y, z, this.#candidates, consider);
    for (const key of this.#linked) consider(Math.floor(key / size), key % size);

    const free = this.#room.slice();
    const chosen: (readonly [number, number])[] = [];
    for (const { a, b } of [...candidates.values()].sort((p, q) => p.weight - q.weight || p.a - q.a || p.b - q.b)) {
      if (free[a] === 0 || free[b] === 0) continue;
      free[a]--;
      free[b]--;
      chosen.push([a, b]);
    }
    this.#linked = new Set(chosen.map(([a, b]) => a * size + b));
    return chosen.sort((p, q) => p[0] - q[0] || p[1] - q[1]);
  }
}

/** Calls `found` with the k nearest points of every point, by a grid of cells searched in growing cubes. */
function forNearest(
  points: readonly number[],
  x: Float64Array,
  y: Float64Array,
  z: Float64Array,
  k: number,
  found: (point: number, other: number) => void,
): void {
  if (points.length < 2) return;
  const extent = points.reduce((most, i) => Math.max(most, Math.abs(x[i]), Math.abs(y[i]), Math.abs(z[i])), 0) + 1;
  // On a sphere of that size a cell holds about k/4 points of each of the surfaces that cross it.
  const cells = Math.max(1, Math.min(MAX_CELLS_PER_AXIS, Math.ceil((2 * extent) / Math.sqrt((4 * Math.PI * extent * extent * k) / (4 * points.length)))));
  const cellKm = (2 * extent) / cells;
  const axis = (value: number): number => Math.floor((value + extent) / cellKm);
  const cellOf = (i: number): number => (axis(x[i]) * cells + axis(y[i])) * cells + axis(z[i]);
  const start = new Int32Array(cells ** 3 + 1);
  for (const i of points) start[cellOf(i) + 1]++;
  for (let c = 0; c < cells ** 3; c++) start[c + 1] += start[c];
  const members = new Int32Array(points.length);
  const filled = start.slice();
  for (const i of points) members[filled[cellOf(i)]++] = i;

  const near = new Int32Array(k);
  const near2 = new Float64Array(k);
  for (const i of points) {
    const [cx, cy, cz] = [axis(x[i]), axis(y[i]), axis(z[i])];
    let count = 0;
    for (let reach = 0; reach < cells; reach++) {
      for (let u = Math.max(0, cx - reach); u <= Math.min(cells - 1, cx + reach); u++) {
        for (let v = Math.max(0, cy - reach); v <= Math.min(cells - 1, cy + reach); v++) {
          const onFace = Math.abs(u - cx) === reach || Math.abs(v - cy) === reach;
          for (let w = cz - reach; w <= cz + reach; w += onFace ? 1 : Math.max(1, 2 * reach)) {
            if (w < 0 || w >= cells) continue;
            const cell = (u * cells + v) * cells + w;
            for (let m = start[cell]; m < start[cell + 1]; m++) {
              const other = members[m];
              if (other === i) continue;
              const [dx, dy, dz] = [x[i] - x[other], y[i] - y[other], z[i] - z[other]];
              const range2 = dx * dx + dy * dy + dz * dz;
              if (count === k && range2 >= near2[k - 1]) continue;
              let place = count < k ? count++ : k - 1;
              for (; place > 0 && near2[place - 1] > range2; place--) {
                near2[place] = near2[place - 1];
                near[place] = near[place - 1];
              }
              near2[place] = range2;
              near[place] = other;
            }
          }
        }
      }
      if (count === k && near2[k - 1] <= (reach * cellKm) ** 2) break; // nothing outside the cube can be nearer
    }
    for (let m = 0; m < count; m++) found(i, near[m]);
  }
}
