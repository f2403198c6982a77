// What the contract allows between two waypoints, for both sides of the wire.

/** A place, WGS-84, and the time at which a terminal passes it, ms since any one instant. */
export interface TrackPoint {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly altM: number;
  readonly atMs: number;
}

/** Faster than anything that is no satellite: a unit or a time was mistaken. */
export const FASTEST_KM_S = 10;
/** Opposite ends of the globe, within 1 m, in Earth radii: any great circle would do. */
const ANTIPODAL = 1.6e-7;
/** Radius of curvature of WGS-84 at the poles, the largest there is, km: a²/b. */
const LARGEST_RADIUS_KM = 6399.594;

/** Whether so little of a direction is left between two places that nobody knows which way the great circle goes. */
export function areAntipodal(one: TrackPoint, other: TrackPoint): boolean {
  const [p, q] = [normalOf(one), normalOf(other)];
  return Math.hypot(p[0] + q[0], p[1] + q[1], p[2] + q[2]) < ANTIPODAL;
}

/** km/s along the great circle from one waypoint to the next, at most. */
export function legSpeedKmS(from: TrackPoint, to: TrackPoint): number {
  const [p, q] = [normalOf(from), normalOf(to)];
  const across = Math.hypot(p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]);
  const angle = Math.atan2(across, p[0] * q[0] + p[1] * q[1] + p[2] * q[2]);
  const overGroundKm = (LARGEST_RADIUS_KM + Math.max(from.altM, to.altM) / 1000) * angle;
  return Math.hypot(overGroundKm, (to.altM - from.altM) / 1000) / ((to.atMs - from.atMs) / 1000);
}

/** Unit vector of the ellipsoid's normal at a geodetic place. */
export function normalOf({ latDeg, lonDeg }: Pick<TrackPoint, 'latDeg' | 'lonDeg'>): readonly [x: number, y: number, z: number] {
  const [lat, lon] = [(latDeg * Math.PI) / 180, (lonDeg * Math.PI) / 180];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}
