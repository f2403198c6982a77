import type { Column } from './column.js';
import type { PositionData } from '../report-data.js';

const DEGREES = 180 / Math.PI;
/** WGS-84. */
const ECCENTRICITY_2 = 0.00669437999014;

/** Positions of all nodes at any time: curves (Catmull-Rom) through the instants that the engine told. */
export class Orbits {
  readonly #positions: PositionData;
  readonly #axes: readonly [Float64Array, Float64Array, Float64Array];
  readonly #nodes: number;

  constructor(positions: PositionData, nodes: number, read: (column: Column) => Float64Array) {
    this.#positions = positions;
    this.#axes = [read(positions.x), read(positions.y), read(positions.z)];
    // Nodes that were met after the engine was asked have no positions.
    this.#nodes = Math.min(nodes, positions.x.n / positions.count);
  }

  /** x, y, z in km of every node, Earth-fixed; NaN where there is none. */
  at(timeS: number, out: Float64Array): void {
    const { stepMs, count } = this.#positions;
    const place = Math.max(0, Math.min(count - 1, (timeS * 1000) / stepMs));
    const i = Math.min(Math.floor(place), Math.max(0, count - 2));
    const u = count === 1 ? 0 : place - i;
    out.fill(Number.NaN);
    for (let axis = 0; axis < 3; axis += 1) {
      const values = this.#axes[axis]!;
      for (let node = 0; node < this.#nodes; node += 1) out[3 * node + axis] = along(values, node * count, count, i, u);
    }
  }

  /** Of one node. */
  of(node: number, timeS: number): [x: number, y: number, z: number] {
    if (node >= this.#nodes) return [Number.NaN, Number.NaN, Number.NaN];
    const { stepMs, count } = this.#positions;
    const place = Math.max(0, Math.min(count - 1, (timeS * 1000) / stepMs));
    const i = Math.min(Math.floor(place), Math.max(0, count - 2));
    const u = count === 1 ? 0 : place - i;
    return this.#axes.map((values) => along(values, node * count, count, i, u)) as [number, number, number];
  }
}

function along(values: Float64Array, start: number, count: number, i: number, u: number): number {
  const p1 = values[start + i]!;
  if (count === 1) return p1;
  const p2 = values[start + i + 1]!;
  if (count === 2) return p1 + (p2 - p1) * u;
  // Beyond the ends the curve goes on as it bends.
  const p0 = i > 0 ? values[start + i - 1]! : 3 * p1 - 3 * p2 + values[start + i + 2]!;
  const p3 = i + 2 < count ? values[start + i + 2]! : p0 - 3 * p1 + 3 * p2;
  return p1 + 0.5 * u * (p2 - p0 + u * (2 * p0 - 5 * p1 + 4 * p2 - p3 + u * (3 * (p1 - p2) + p3 - p0)));
}

/** Longitude and geocentric latitude, degrees. */
export function lonLat(x: number, y: number, z: number): [lon: number, lat: number] {
  return [Math.atan2(y, x) * DEGREES, Math.atan2(z, Math.hypot(x, y)) * DEGREES];
}

/** Degrees above the horizon at which `to` is seen from a place on the ground. */
export function elevation(from: readonly [number, number, number], to: readonly [number, number, number]): number {
  const [x, y, z] = from;
  // Up is the normal of the ellipsoid.
  const up = [x, y, z / (1 - ECCENTRICITY_2)] as const;
  const way = [to[0] - x, to[1] - y, to[2] - z] as const;
  const dot = up[0] * way[0] + up[1] * way[1] + up[2] * way[2];
  return Math.asin(dot / (Math.hypot(...up) * Math.hypot(...way))) * DEGREES;
}
