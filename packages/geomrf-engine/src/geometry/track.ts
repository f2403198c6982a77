import { legSpeedKmS, normalOf } from '@satsim/geomrf-proto';
import type { TrackPoint } from '@satsim/geomrf-proto';

/** What {@link Track.at} fills: the ellipsoid's normal, height in km, and what they change by in a second. */
export interface TrackState {
  readonly normal: Float64Array;
  readonly normalPerS: Float64Array;
  altKm: number;
  altKmPerS: number;
}

export function newTrackState(): TrackState {
  return { normal: new Float64Array(3), normalPerS: new Float64Array(3), altKm: 0, altKmPerS: 0 };
}

/**
 * A terminal that moves through waypoints. Between two of them the ellipsoid's normal turns evenly along the great circle
 * (K. Gade, "A Non-singular Horizontal Position Representation", J. Navigation 63, 2010: n-vector interpolation), so that
 * the speed over ground is constant but for the change of the ellipsoid's curvature, 1 % from the equator to a pole; the height
 * is linear. Before the first waypoint and after the last one it stands there. Where it is depends on the time alone.
 */
export class Track {
  /** Bound on its speed at any time, km/s. */
  readonly maxSpeedKmS: number;

  readonly #points: readonly TrackPoint[];
  readonly #legs: readonly Leg[];

  /** @param points one or more, ascending in time, neighbours not opposite each other on the globe */
  constructor(points: readonly TrackPoint[]) {
    this.#points = points;
    this.#legs = points.slice(1).map((to, i) => legOf(points[i], to));
    this.maxSpeedKmS = Math.max(0, ...points.slice(1).map((to, i) => legSpeedKmS(points[i], to)));
  }

  get moves(): boolean {
    return this.#legs.length > 0;
  }

  /** At the instant of a waypoint the leg that begins there counts. */
  at(timeMs: number, out: TrackState): void {
    const points = this.#points;
    const last = points.length - 1;
    if (timeMs < points[0].atMs) return stand(points[0], out);
    if (timeMs >= points[last].atMs) return stand(points[last], out);
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (points[middle].atMs <= timeMs) low = middle;
      else high = middle;
    }
    const { from, tangent, angle, startMs, seconds, altKm, climbKm } = this.#legs[low];
    const passed = (timeMs - startMs) / 1000 / seconds;
    const [cos, sin] = [Math.cos(passed * angle), Math.sin(passed * angle)];
    for (let axis = 0; axis < 3; axis++) {
      out.normal[axis] = from[axis] * cos + tangent[axis] * sin;
      out.normalPerS[axis] = (tangent[axis] * cos - from[axis] * sin) * (angle / seconds);
    }
    out.altKm = altKm + passed * climbKm;
    out.altKmPerS = climbKm / seconds;
  }
}

interface Leg {
  readonly from: readonly number[];
  /** Unit vector at right angles to `from`, towards the end. */
  readonly tangent: readonly number[];
  /** Radians. */
  readonly angle: number;
  readonly startMs: number;
  readonly seconds: number;
  readonly altKm: number;
  readonly climbKm: number;
}

function stand(point: TrackPoint, out: TrackState): void {
  out.normal.set(normalOf(point));
  out.normalPerS.fill(0);
  out.altKm = point.altM / 1000;
  out.altKmPerS = 0;
}

function legOf(start: TrackPoint, end: TrackPoint): Leg {
  const [from, to] = [normalOf(start), normalOf(end)];
  const across = cross(from, to);
  const sin = Math.hypot(...across);
  // from × to × from, of length sin: nothing for two waypoints at one place.
  const tangent = sin === 0 ? [0, 0, 0] : cross(across, from).map((each) => each / sin);
  return {
    from,
    tangent,
    angle: Math.atan2(sin, dot(from, to)),
    startMs: start.atMs,
    seconds: (end.atMs - start.atMs) / 1000,
    altKm: start.altM / 1000,
    climbKm: (end.altM - start.altM) / 1000,
  };
}

type Vector = readonly [number, number, number];
const dot = (p: Vector, q: Vector): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
const cross = (p: Vector, q: Vector): Vector => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
