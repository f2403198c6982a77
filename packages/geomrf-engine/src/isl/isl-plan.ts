import { IslPattern } from '@satsim/geomrf-proto';
import type { IslPolicy, ShellPosition } from '@satsim/geomrf-proto';
import type { MeanOrbit } from '../orbit/propagator.js';
import { PairSet } from './pair-set.js';
import { inferShells } from './planes.js';
import { inferredGrid, walkerGrid } from './plus-grid.js';

/** What a pattern says before anything moves. */
export interface IslPlan {
  /** Pairs that stay in the link set for the whole scenario; none for the pattern that follows the distances. */
  readonly pairs: readonly (readonly [a: number, b: number])[];
  /** Plane of each satellite, −1 where it is not known. */
  readonly planeOf: Int32Array;
}

export interface IslSatellite {
  readonly id: string;
  readonly shellPosition?: ShellPosition;
}

/**
 * @param satellites in the order in which pairs number them
 * @param orbitOf mean orbit at the scenario's start, asked only of satellites without a place in a Walker shell
 */
export function planIsls(policy: IslPolicy | undefined, satellites: readonly IslSatellite[], orbitOf: (satellite: number) => MeanOrbit | null): IslPlan {
  const planeOf = new Int32Array(satellites.length).fill(-1);
  const pairs = new PairSet(satellites.length);
  const pattern = policy?.pattern ?? IslPattern.ISL_NONE;
  if (policy === undefined || pattern === IslPattern.ISL_NONE) return { pairs: [], planeOf };

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
  return { pairs: pairs.toArray(), planeOf };
}
