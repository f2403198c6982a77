import { type Ecef, toGeodetic } from './geodetic.js';
import { type Position, toPosition } from './position.js';

/** A straight line in space bends on a map: it gets a point at least every so many degrees of arc over the Earth. */
const STEP_DEG = 5;

export type LineGeometry =
  | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  | { readonly type: 'MultiLineString'; readonly coordinates: readonly (readonly Position[])[] };

/**
 * The straight line between two points in space as a line on the map, in two parts when it crosses the antimeridian, as
 * RFC 7946 (3.1.9) wants it. The crossing is found in space, so that it is exact near the poles too.
 * @param onGround the line follows the ground instead of going straight through it
 */
export function lineGeometry(from: Ecef, to: Ecef, { onGround = false } = {}): LineGeometry {
  const [fromAltM, toAltM] = [toGeodetic(from).altM, toGeodetic(to).altM];
  const west = from[1] < 0 || to[1] < 0;
  const at = (share: number, onAntimeridian: -180 | 180 | null = null): Position => {
    const { lonDeg, latDeg, altM } = toGeodetic(between(from, to, share));
    // An end that lies on the antimeridian belongs to the side where the line is.
    const lon = onAntimeridian ?? (lonDeg === 180 && west ? -180 : lonDeg);
    return toPosition({ lonDeg: lon, latDeg, altM: onGround ? fromAltM + (toAltM - fromAltM) * share : altM });
  };
  const steps = Math.max(1, Math.ceil(angleDeg(from, to) / STEP_DEG));
  const shares = Array.from({ length: steps + 1 }, (_, i) => i / steps);
  const crossing = antimeridianCrossing(from, to);
  if (crossing === null) return { type: 'LineString', coordinates: shares.map((share) => at(share)) };
  const [before, after] = [shares.filter((share) => share < crossing), shares.filter((share) => share > crossing)];
  const [edge, otherEdge] = from[1] > 0 ? ([180, -180] as const) : ([-180, 180] as const);
  return {
    type: 'MultiLineString',
    coordinates: [
      [...before.map((share) => at(share)), at(crossing, edge)],
      [at(crossing, otherEdge), ...after.map((share) => at(share))],
    ],
  };
}

/** Where on the way, above 0 and below 1, the line passes through the half-plane of longitude 180°; `null` when it doesn't. */
function antimeridianCrossing(from: Ecef, to: Ecef): number | null {
  const [x1, y1] = from;
  const [x2, y2] = to;
  if (y1 * y2 >= 0) return null;
  const share = y1 / (y1 - y2);
  return x1 + (x2 - x1) * share < 0 ? share : null;
}

function between(from: Ecef, to: Ecef, share: number): Ecef {
  const at = (axis: 0 | 1 | 2): number => from[axis] + (to[axis] - from[axis]) * share;
  return [at(0), at(1), at(2)];
}

/** Seen from the Earth's centre. */
function angleDeg(a: Ecef, b: Ecef): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cosine = dot / (Math.hypot(...a) * Math.hypot(...b));
  return (Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI;
}
