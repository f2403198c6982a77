import { IslPattern } from '@satsim/geomrf-proto';
import type { IslPolicy, ShellPosition } from '@satsim/geomrf-proto';
import type { MeanOrbit } from '../orbit/propagator.js';
import { PairSet } from './pair-set.js';
import { inferShells } from './planes.js';
import type { InferredShell } from './planes.js';
import { inferredGrid, walkerGrid } from './plus-grid.js';

/** What a pattern says before anything moves. */
export interface IslPlan {
  /** Pairs that stay in the link set for the whole scenario; none for the pattern that follows the distances. */
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** Plane of each satellite, −1 where it is not known. */
  readonly planeOf: Int32Array;
  /** Links that change with the distances; `null` for none. */
  readonly changing: ChangingLinks | null;
}

export interface ChangingLinks {
  /** Links that each satellite may have beside the fixed ones. */
  readonly room: Int32Array;
  /** Satellites of one group are not linked; −1 for none. */
  readonly groupOf: Int32Array;
}

export interface IslSatellite {
  readonly id: string;
  readonly shellPosition?: ShellPosition;
}

/** Lasers of a satellite in a +Grid. */
const GRID_LINKS = 4;

/**
 * A +Grid of Walker shells leaves the shells apart: they meet on the ground only. Real element sets fall into dozens of
 * shells, stray satellites and satellites that raise their orbits; there, lasers that the grid leaves free link to the
 * nearest free ones of other shells, as long as they are near.
 *
 * @param satellites in the order in which pairs number them
 * @param orbitOf mean orbit at the scenario's start, asked only of satellites without a place in a Walker shell
 */
export function planIsls(policy: IslPolicy | undefined, satellites: readonly IslSatellite[], orbitOf: (satellite: number) => MeanOrbit | null): IslPlan {
  const planeOf = new Int32Array(satellites.length).fill(-1);
  const pairs = new PairSet(satellites.length);
  const pattern = policy?.pattern ?? IslPattern.ISL_NONE;
  if (policy === undefined || pattern === IslPattern.ISL_NONE) return { pairs: [], planeOf, changing: null };

  const positions = new Map(satellites.flatMap(({ shellPosition }, i) => (shellPosition === undefined ? [] : [[i, shellPosition] as const])));
  const planes = new Map<string, number>();
  for (const [satellite, { shell, plane }] of positions) {
    const key = `${plane}/${shell}`;
    planeOf[satellite] = planes.get(key) ?? planes.size;
    planes.set(key, planeOf[satellite]);
  }
  const needsPlanes = pattern === IslPattern.PLUS_GRID || policy.polarCutoffLatDeg !== undefined;
  const orbits = satellites.map((_, i) => (!needsPlanes || positions.has(i) ? null : orbitOf(i)));
  const shells = inferShells(orbits);
  shells.flat().forEach((plane, i) => plane.satellites.forEach((satellite) => (planeOf[satellite] = planes.size + i)));

  if (pattern === IslPattern.PLUS_GRID) {
    walkerGrid(positions, policy.seam, pairs);
    inferredGrid(shells, orbits, policy.seam, pairs);
  } else if (pattern === IslPattern.EXPLICIT) {
    const indexOf = new Map(satellites.map(({ id }, i) => [id, i]));
    for (const { a, b } of policy.pairs) pairs.add(indexOf.get(a)!, indexOf.get(b)!);
  }
  const fixed = pairs.toArray();
  return { pairs: fixed, planeOf, changing: changingLinks(policy, satellites.length, fixed, shells) };
}

function changingLinks(policy: IslPolicy, satellites: number, fixed: IslPlan['pairs'], shells: readonly InferredShell[]): ChangingLinks | null {
  const groupOf = new Int32Array(satellites).fill(-1);
  if (policy.pattern === IslPattern.NEAREST) return { room: new Int32Array(satellites).fill(Math.min(policy.neighbors, Math.max(0, satellites - 1))), groupOf };
  if (policy.pattern !== IslPattern.PLUS_GRID || shells.length < 2) return null;
  const room = new Int32Array(satellites);
  shells.forEach((shell, i) => {
    for (const satellite of shell.flatMap((plane) => plane.satellites)) {
      groupOf[satellite] = i;
      room[satellite] = GRID_LINKS;
    }
  });
  for (const pair of fixed) for (const satellite of pair) room[satellite] = Math.max(0, room[satellite] - 1);
  return { room, groupOf };
}
