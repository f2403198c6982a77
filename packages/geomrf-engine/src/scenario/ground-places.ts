import { LinkType, NodeRole } from '@satsim/geomrf-proto';
import type { NodeSpec, ScenarioSpec, TrackPoint } from '@satsim/geomrf-proto';
import type { Duration } from '@bufbuild/protobuf/wkt';
import type { GroundPlace } from '../geometry/sites.js';

export interface GroundSite extends GroundPlace {
  /** Index of the node. */
  readonly node: number;
  readonly linkType: LinkType.SAT_GS | LinkType.SAT_UT;
  /** Satellites served at a time; 0 is no limit. */
  readonly maxLinks: number;
}

/** The ground nodes of a checked specification, in the order of its nodes. */
export function groundPlaces(spec: ScenarioSpec, startMs: number): readonly GroundSite[] {
  const policyDeg = spec.gsl?.minElevationDeg ?? 0;
  return spec.nodes.flatMap((node, index): GroundSite[] => {
    const waypoints = waypointsOf(node, startMs);
    if (waypoints === null) return [];
    return [
      {
        node: index,
        waypoints,
        linkType: node.role === NodeRole.GROUND_STATION ? LinkType.SAT_GS : LinkType.SAT_UT,
        maxLinks: node.terminal?.maxLinks ?? 1,
        minElevationDeg: Math.max(policyDeg, node.minElevationDeg ?? 0),
        horizon: node.elevationMask.map(({ azimuthDeg, minElevationDeg }) => ({ azimuthDeg, minElevationDeg })),
      },
    ];
  });
}

function waypointsOf({ position }: NodeSpec, startMs: number): readonly TrackPoint[] | null {
  if (position.case === 'site') return [{ atMs: startMs, latDeg: position.value.latDeg, lonDeg: position.value.lonDeg, altM: position.value.altM }];
  if (position.case !== 'track') return null;
  return position.value.waypoints.map(({ at, site }) => ({
    atMs: startMs + durationMs(at),
    latDeg: site!.latDeg,
    lonDeg: site!.lonDeg,
    altM: site!.altM,
  }));
}

/** Milliseconds; of a duration that is absent, 0. */
export function durationMs(duration: Duration | undefined): number {
  return duration === undefined ? 0 : Number(duration.seconds) * 1000 + duration.nanos / 1e6;
}
