import { durationMs } from '@satsim/core';
import type { FieldPath, GroundItem } from '@satsim/core';
import type { CompileContext } from './compile-context.js';

type Waypoint = Extract<GroundItem, { readonly waypoints: unknown }>['waypoints'][number];
type Vector = readonly [number, number, number];

/** Faster than anything that is no satellite: a unit or a time was mistaken. */
const FASTEST_KM_S = 10;
/** Radius of curvature of WGS-84 at the poles, the largest there is, km: a²/b. */
const LARGEST_RADIUS_KM = 6399.594;
/** Opposite ends of the globe, within 1 m, in Earth radii: any great circle would do. */
const ANTIPODAL = 1.6e-7;

/** Ways from one waypoint to the next that the engine refuses, by its rules. That times ascend is checked with the file. */
export function checkWaypoints(waypoints: readonly Waypoint[], path: FieldPath, context: CompileContext): void {
  waypoints.forEach((to, index) => {
    const from = waypoints[index - 1];
    if (from === undefined || durationMs(to.at) <= durationMs(from.at)) return;
    const here = [...path, index];
    const [p, q] = [normalOf(from), normalOf(to)];
    if (Math.hypot(p[0] + q[0], p[1] + q[1], p[2] + q[2]) < ANTIPODAL)
      return context.fault(here, 'lies opposite the waypoint before it on the globe', 'add one between that says which way');
    const cross = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    const angle = Math.atan2(Math.hypot(...cross), p[0] * q[0] + p[1] * q[1] + p[2] * q[2]);
    const overGroundKm = (LARGEST_RADIUS_KM + Math.max(from.alt_m, to.alt_m) / 1e3) * angle;
    const speed = Math.hypot(overGroundKm, (to.alt_m - from.alt_m) / 1e3) / ((durationMs(to.at) - durationMs(from.at)) / 1e3);
    if (speed > FASTEST_KM_S)
      context.fault(here, `needs ${speed.toFixed(1)} km/s to be reached in time, which is more than ${FASTEST_KM_S}`, 'check the places and the times');
  });
}

/** Unit vector of the ellipsoid's normal at a geodetic place. */
function normalOf(place: Waypoint): Vector {
  const [lat, lon] = [(place.lat * Math.PI) / 180, (place.lon * Math.PI) / 180];
  return [Math.cos(lat) * Math.cos(lon), Math.cos(lat) * Math.sin(lon), Math.sin(lat)];
}
