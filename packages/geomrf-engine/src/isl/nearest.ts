/** An existing link is given up only when another one is shorter than this share of it. */
const KEEP = 0.9;
const MAX_CELLS_PER_AXIS = 64;

interface Candidate {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/**
 * Links every satellite to its nearest ones, k at most: pairs are taken from the shortest up while both ends are free (so
 * a pair needs the room of both, and nobody has more than k). Links that exist count as a tenth shorter, which keeps them
 * from flapping. Ties go to the lower index.
 */
export class NearestNeighbours {
  readonly #k: number;
  #linked: ReadonlySet<number> = new Set();

  constructor(k: number) {
    this.#k = k;
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
    // Twice as many as needed: some of them will be taken by others.
    forNearest(x, y, z, 2 * this.#k, consider);
    for (const key of this.#linked) consider(Math.floor(key / size), key % size);

    const free = new Int32Array(size).fill(this.#k);
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
function forNearest(x: Float64Array, y: Float64Array, z: Float64Array, k: number, found: (point: number, other: number) => void): void {
  const points = Array.from(x.keys()).filter((i) => !Number.isNaN(x[i]));
  if (points.length < 2) return;
  const extent = points.reduce((most, i) => Math.max(most, Math.abs(x[i]), Math.abs(y[i]), Math.abs(z[i])), 0) + 1;
  // On a sphere of that size a cell holds about k/2 points of each of the surfaces that cross it.
  const cells = Math.max(1, Math.min(MAX_CELLS_PER_AXIS, Math.ceil((2 * extent) / Math.sqrt((4 * Math.PI * extent * extent * k) / (2 * points.length)))));
  const cellKm = (2 * extent) / cells;
  const axis = (value: number): number => Math.floor((value + extent) / cellKm);
  const grid = new Map<number, number[]>();
  for (const i of points) {
    const key = (axis(x[i]) * cells + axis(y[i])) * cells + axis(z[i]);
    const cell = grid.get(key);
    if (cell === undefined) grid.set(key, [i]);
    else cell.push(i);
  }
  for (const i of points) {
    const [cx, cy, cz] = [axis(x[i]), axis(y[i]), axis(z[i])];
    let near: { other: number; range: number }[] = [];
    for (let reach = 0; reach < cells; reach++) {
      for (let u = cx - reach; u <= cx + reach; u++)
        for (let v = cy - reach; v <= cy + reach; v++) {
          const shell = Math.abs(u - cx) === reach || Math.abs(v - cy) === reach;
          for (let w = cz - reach; w <= cz + reach; w += shell ? 1 : Math.max(1, 2 * reach)) {
            if (u < 0 || v < 0 || w < 0 || u >= cells || v >= cells || w >= cells) continue;
            for (const other of grid.get((u * cells + v) * cells + w) ?? []) {
              if (other !== i) near.push({ other, range: Math.hypot(x[i] - x[other], y[i] - y[other], z[i] - z[other]) });
            }
          }
        }
      if (near.length < k) continue;
      near = near.sort((p, q) => p.range - q.range || p.other - q.other).slice(0, k);
      if (near[k - 1].range <= reach * cellKm) break; // nothing outside the cube can be nearer
    }
    for (const { other } of near) found(i, other);
  }
}
