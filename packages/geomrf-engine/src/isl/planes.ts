import type { MeanOrbit } from '../orbit/propagator.js';

/** A plane of real satellites, in the order of their argument of latitude. */
export interface InferredPlane {
  readonly raanDeg: number;
  readonly satellites: readonly number[];
}

/** Satellites of one inclination and mean motion, in planes in the order of their node. */
export type InferredShell = readonly InferredPlane[];

/** Shells of one operator lie 0.1° of inclination apart or more, satellites of one shell within 0.03°. */
const INCLINATION_GAP_DEG = 0.05;
/** 0.02 rev/day are 6 km of altitude; satellites that differ by more drift apart by 7° a day. */
const MEAN_MOTION_GAP = 0.02;
/** Planes of up to 200 around the Earth are told apart; within a plane nodes scatter by about 1°. */
const RAAN_GAP_DEG = 1.5;
/** Where satellites are so many that planes leave no such gaps between them, they are told apart by the widest that there are. */
const WIDEST_PLANE_DEG = 5;

/**
 * Finds shells and planes in mean orbits of one common instant: clusters by inclination, then by mean motion, then by gaps
 * in the right ascension of the node, the widest first where a plane would span more than 5°. Satellites that raise their
 * orbits fall into small shells of their own.
 *
 * @param orbits `null` for satellites that can't be propagated: they belong to no plane
 */
export function inferShells(orbits: readonly (MeanOrbit | null)[]): readonly InferredShell[] {
  const known = orbits.flatMap((orbit, satellite) => (orbit === null ? [] : [{ orbit, satellite }]));
  return clusters(known, (each) => each.orbit.inclinationDeg, INCLINATION_GAP_DEG)
    .flatMap((cluster) => clusters(cluster, (each) => each.orbit.meanMotionRevPerDay, MEAN_MOTION_GAP))
    .map((shell) =>
      circularClusters(shell, (each) => each.orbit.raanDeg, RAAN_GAP_DEG)
        .flatMap(narrow)
        .map((plane) => ({
          raanDeg: plane[0].orbit.raanDeg,
          satellites: plane.toSorted((p, q) => p.orbit.argLatitudeDeg - q.orbit.argLatitudeDeg || p.satellite - q.satellite).map((each) => each.satellite),
        })),
    );
}

function clusters<T extends { readonly satellite: number }>(items: readonly T[], value: (item: T) => number, gap: number): T[][] {
  const sorted = items.toSorted((p, q) => value(p) - value(q) || p.satellite - q.satellite);
  const found: T[][] = [];
  sorted.forEach((item, i) => {
    if (i === 0 || value(item) - value(sorted[i - 1]) > gap) found.push([]);
    found.at(-1)!.push(item);
  });
  return found;
}

/** As {@link clusters}, for angles: the last cluster goes on in the first when no gap lies between. */
function circularClusters<T extends { readonly satellite: number }>(items: readonly T[], degrees: (item: T) => number, gap: number): T[][] {
  const found = clusters(items, degrees, gap);
  const [first, last] = [found[0], found.at(-1)!];
  if (found.length > 1 && degrees(first[0]) + 360 - degrees(last.at(-1)!) <= gap) return [[...last, ...first], ...found.slice(1, -1)];
  return found;
}

interface InPlane {
  readonly orbit: MeanOrbit;
}

/**
 * Cuts a plane at its widest gap, and each part likewise, until none spans more than {@link WIDEST_PLANE_DEG}.
 *
 * @param plane in the order of its nodes, which may go round through 0°
 */
function narrow<T extends InPlane>(plane: readonly T[]): T[][] {
  const found: T[][] = [];
  const rest = [plane];
  for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
    const { span, cut } = widestGap(part);
    if (span <= WIDEST_PLANE_DEG) found.push([...part]);
    else rest.push(part.slice(cut), part.slice(0, cut));
  }
  return found;
}

/** @returns degrees from the first node to the last, and who comes after the widest gap */
function widestGap(plane: readonly InPlane[]): { readonly span: number; readonly cut: number } {
  let [span, widest, cut] = [0, -1, 0];
  for (let i = 1; i < plane.length; i++) {
    const gap = (plane[i].orbit.raanDeg - plane[i - 1].orbit.raanDeg + 360) % 360;
    span += gap;
    if (gap <= widest) continue;
    widest = gap;
    cut = i;
  }
  return { span, cut };
}
