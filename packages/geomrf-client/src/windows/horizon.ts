import type { NodeSpec, ScenarioSpec } from '@satsim/geomrf-proto';

/** Least elevation, degrees, that a satellite has to reach at a ground node. */
export interface Horizon {
  /** Anywhere. */
  readonly lowestDeg: number;
  /** Towards an azimuth, degrees clockwise from north, 0 to 360; `null` where it is the same all around. */
  readonly towards: ((azimuthDeg: number) => number) | null;
}

export const flatHorizon = (lowestDeg: number): Horizon => ({ lowestDeg, towards: null });

/** The highest of the policy's minimum, the node's own, and its mask by azimuth: linear between points, and across north. */
export function horizonOf(spec: ScenarioSpec, { minElevationDeg, elevationMask }: NodeSpec): Horizon {
  const floor = Math.max(spec.gsl?.minElevationDeg ?? 0, minElevationDeg ?? 0);
  if (elevationMask.length === 0) return flatHorizon(floor);
  const first = elevationMask[0]!;
  const last = elevationMask.at(-1)!;
  const around = [{ ...last, azimuthDeg: last.azimuthDeg - 360 }, ...elevationMask, { ...first, azimuthDeg: first.azimuthDeg + 360 }];
  return {
    lowestDeg: Math.max(floor, Math.min(...elevationMask.map((point) => point.minElevationDeg))),
    towards: (azimuthDeg) => {
      const next = around.findIndex((point) => point.azimuthDeg > azimuthDeg);
      const [a, b] = [around[next - 1]!, around[next]!];
      const share = (azimuthDeg - a.azimuthDeg) / (b.azimuthDeg - a.azimuthDeg);
      return Math.max(floor, a.minElevationDeg + share * (b.minElevationDeg - a.minElevationDeg));
    },
  };
}
