import type { ShellPosition } from '@satsim/geomrf-proto';
import type { MeanOrbit } from '../orbit/propagator.js';
import type { InferredShell } from './planes.js';
import type { PairSet } from './pair-set.js';

/**
 * +Grid of Walker shells: the two neighbours in the plane, and one in each neighbouring plane.
 *
 * Neighbouring planes are shifted against each other by phasing/planes of a slot, so the nearest slot of the next plane is
 * `slot − round(phasing / planes)`. Around a full circle of nodes the shift adds up to `phasing` slots, which the link
 * from the last plane to the first makes good. Over less than a circle (a star) the last and the first plane run against
 * each other: they are linked, slot to slot, only with `seam`.
 */
export function walkerGrid(positions: ReadonlyMap<number, ShellPosition>, seam: boolean, pairs: PairSet): void {
  const shells = Map.groupBy(positions, ([, position]) => position.shell);
  for (const members of shells.values()) {
    const at = new Map(members.map(([satellite, { plane, slot }]) => [`${plane}/${slot}`, satellite]));
    for (const [satellite, { plane, slot, planes, perPlane, phasing, raanSpreadDeg }] of members) {
      const link = (otherPlane: number, otherSlot: number): void => {
        const other = at.get(`${otherPlane}/${((otherSlot % perPlane) + perPlane) % perPlane}`);
        if (other !== undefined) pairs.add(satellite, other);
      };
      link(plane, slot + 1);
      const shift = Math.round(phasing / planes);
      if (plane + 1 < planes) link(plane + 1, slot - shift);
      else if (raanSpreadDeg >= 360) link(0, slot - shift + phasing);
      else if (seam) link(0, slot);
    }
  }
}

/** A satellite that finds nobody in the next plane looks into the ones after it, up to here. */
const FURTHER_PLANES = 4;
const FURTHER_PLANE_DEG = 30;
const ATMOSPHERE_KM = 80;
const EARTH_KM = 6378.137;
/** mu of WGS-72, as SGP4 has it, km³/s². */
const MU = 398_600.8;

/**
 * +Grid of real satellites, from mean orbits at one instant: the two neighbours in the inferred plane, if the Earth is not
 * between them, and one in each neighbouring plane, the nearest in argument of latitude that is still free. A satellite
 * has at most four.
 *
 * A plane is a neighbour when its node is about as near as satellites of one plane are to each other (or 16°), and so is a
 * satellite in latitude (or 8°): what is further away makes long links that lead nowhere in particular. The
 * counter-rotating planes of a star are far apart in node and are linked only with `seam`.
 */
export function inferredGrid(shells: readonly InferredShell[], orbits: readonly (MeanOrbit | null)[], seam: boolean, pairs: PairSet): void {
  for (const shell of shells) {
    for (const { satellites } of shell) {
      satellites.forEach((satellite, i) => {
        const next = satellites[(i + 1) % satellites.length];
        if (latitudeApart(orbits, satellite, next) <= inSightDeg(orbits[satellite]!)) pairs.add(satellite, next);
      });
    }
    linkPlanes(shell, orbits, seam, pairs);
  }
}

function linkPlanes(shell: InferredShell, orbits: readonly (MeanOrbit | null)[], seam: boolean, pairs: PairSet): void {
  const spacingDeg = 360 / Math.max(...shell.map(({ satellites }) => satellites.length));
  const nextPlaneDeg = Math.min(90, Math.max(16, 1.05 * spacingDeg));
  const latitudeDeg = Math.min(90, Math.max(8, 0.5 * spacingDeg));
  const linkedEast = new Set<number>();
  const linkedWest = new Set<number>();
  for (let step = 1; step <= Math.min(FURTHER_PLANES, shell.length - 1); step++) {
    shell.forEach((plane, i) => {
      const next = shell[(i + step) % shell.length];
      const planesApart = (next.raanDeg - plane.raanDeg + 360) % 360;
      if (planesApart > (step === 1 ? nextPlaneDeg : Math.min(FURTHER_PLANE_DEG, nextPlaneDeg)) && !(step === 1 && seam)) return;
      const candidates = plane.satellites
        .filter((satellite) => !linkedEast.has(satellite))
        .flatMap((satellite) =>
          next.satellites.filter((other) => !linkedWest.has(other)).map((other) => ({ satellite, other, apart: latitudeApart(orbits, satellite, other) })),
        )
        .filter(({ apart }) => apart <= latitudeDeg)
        .sort((p, q) => p.apart - q.apart || p.satellite - q.satellite || p.other - q.other);
      for (const { satellite, other } of candidates) {
        if (linkedEast.has(satellite) || linkedWest.has(other)) continue;
        linkedEast.add(satellite);
        linkedWest.add(other);
        pairs.add(satellite, other);
      }
    });
  }
}

/** Angle at the Earth's centre between two satellites of this height that just see each other above the atmosphere. */
function inSightDeg({ meanMotionRevPerDay }: MeanOrbit): number {
  const semiMajorAxisKm = Math.cbrt(MU / ((meanMotionRevPerDay * 2 * Math.PI) / 86_400) ** 2);
  return (2 * Math.acos(Math.min(1, (EARTH_KM + ATMOSPHERE_KM) / semiMajorAxisKm)) * 180) / Math.PI;
}

function latitudeApart(orbits: readonly (MeanOrbit | null)[], one: number, other: number): number {
  const difference = Math.abs(orbits[one]!.argLatitudeDeg - orbits[other]!.argLatitudeDeg);
  return Math.min(difference, 360 - difference);
}
