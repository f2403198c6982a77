import type { ScenarioSpec } from '@satsim/geomrf-proto';

/** Two satellites, by index. */
export type Pair = readonly [a: number, b: number];

/** A scenario as a baseline takes it: plain numbers, and nothing that the engine has computed but the planes of real satellites. */
export interface Problem {
  readonly startMs: number;
  readonly minElevationDeg: number;
  /** ISLs are down when their line comes nearer to the ellipsoid. */
  readonly minAltitudeKm: number;
  /** OMM's units, as in the specification. */
  readonly satellites: readonly {
    readonly epochSeconds: number;
    readonly epochNanos: number;
    readonly meanMotion: number;
    readonly eccentricity: number;
    readonly inclinationDeg: number;
    readonly raanDeg: number;
    readonly argPerigeeDeg: number;
    readonly meanAnomalyDeg: number;
    readonly bstar: number;
    readonly meanMotionDot: number;
    readonly meanMotionDdot: number;
  }[];
  readonly sites: readonly { readonly latDeg: number; readonly lonDeg: number; readonly altM: number }[];
  readonly isls: readonly Pair[];
}

/** @param inferred ISLs where the satellites have no place in a shell */
export function problemOf(spec: ScenarioSpec, inferred: readonly Pair[] | null): Problem {
  return {
    startMs: Number(spec.tStart!.seconds) * 1000 + spec.tStart!.nanos / 1e6,
    minElevationDeg: spec.gsl!.minElevationDeg,
    minAltitudeKm: spec.isl!.minAltitudeM / 1000,
    satellites: spec.nodes.flatMap(({ position }) => {
      if (position.case !== 'elements') return [];
      const { epoch, meanMotion, eccentricity, inclinationDeg, raanDeg, argPerigeeDeg, meanAnomalyDeg, bstar, meanMotionDot, meanMotionDdot } = position.value;
      const angles = { inclinationDeg, raanDeg, argPerigeeDeg, meanAnomalyDeg };
      return [{ epochSeconds: Number(epoch!.seconds), epochNanos: epoch!.nanos, meanMotion, eccentricity, ...angles, bstar, meanMotionDot, meanMotionDdot }];
    }),
    sites: spec.nodes.flatMap(({ position }) =>
      position.case === 'site' ? [{ latDeg: position.value.latDeg, lonDeg: position.value.lonDeg, altM: position.value.altM }] : [],
    ),
    isls: inferred ?? walkerGrid(spec),
  };
}

/**
 * +Grid of the Walker shells: the next satellite of the plane, and the nearest in phase of the next plane, around the whole
 * circle of planes. Phases of neighbouring planes differ by phasing/planes of a slot.
 */
function walkerGrid({ nodes }: ScenarioSpec): Pair[] {
  const indexOf = new Map<string, number>();
  nodes.forEach(({ shellPosition: at }, i) => at !== undefined && indexOf.set(`${at.shell} ${at.plane} ${at.slot}`, i));
  const pairs = new Map<string, Pair>();
  nodes.forEach(({ shellPosition: at }, a) => {
    if (at === undefined) return;
    const { shell, plane, slot, planes, perPlane, phasing } = at;
    const link = (otherPlane: number, otherSlot: number): void => {
      const b = indexOf.get(`${shell} ${otherPlane} ${((otherSlot % perPlane) + perPlane) % perPlane}`)!;
      const pair: Pair = a < b ? [a, b] : [b, a];
      pairs.set(pair.join(' '), pair);
    };
    const nearest = slot - Math.round(phasing / planes);
    link(plane, slot + 1);
    if (plane + 1 < planes) link(plane + 1, nearest);
    else link(0, nearest + phasing);
  });
  return [...pairs.values()];
}
