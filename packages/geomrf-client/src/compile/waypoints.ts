import { durationMs } from '@satsim/core';
import type { FieldPath, GroundItem } from '@satsim/core';
import { FASTEST_KM_S, areAntipodal, legSpeedKmS } from '@satsim/geomrf-proto';
import type { TrackPoint } from '@satsim/geomrf-proto';
import type { CompileContext } from './compile-context.js';

type Waypoint = Extract<GroundItem, { readonly waypoints: unknown }>['waypoints'][number];

/** Ways from one waypoint to the next that the contract does not allow. That times ascend is checked with the file. */
export function checkWaypoints(waypoints: readonly Waypoint[], path: FieldPath, context: CompileContext): void {
  const points = waypoints.map(({ at, lat, lon, alt_m: altM }): TrackPoint => ({ atMs: durationMs(at), latDeg: lat, lonDeg: lon, altM }));
  points.forEach((to, index) => {
    const from = points[index - 1];
    if (from === undefined || to.atMs <= from.atMs) return;
    const here = [...path, index];
    if (areAntipodal(from, to)) return context.fault(here, 'lies opposite the waypoint before it on the globe', 'add one between that says which way');
    const speed = legSpeedKmS(from, to);
    if (speed > FASTEST_KM_S)
      context.fault(here, `needs ${speed.toFixed(1)} km/s to be reached in time, which is more than ${FASTEST_KM_S}`, 'check the places and the times');
  });
}
