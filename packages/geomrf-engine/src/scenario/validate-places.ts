import { FASTEST_KM_S, areAntipodal, legSpeedKmS } from '@satsim/geomrf-proto';
import type { NodeSpec, Site, Track, TrackPoint } from '@satsim/geomrf-proto';
import type { Faults } from './faults.js';
import { durationMs } from './ground-places.js';
import { checkSpan } from './validate-time.js';

/** Where a ground node is, and what it can see from there. */
export function checkPlace(node: NodeSpec, path: string, faults: Faults): void {
  const { position } = node;
  if (position.case === 'track') checkTrack(position.value, `${path}.track`, faults);
  else if (faults.check(position.case === 'site', `${path}.site`, 'a ground node needs a site or a track'))
    checkSite(position.value as Site, `${path}.site`, faults);
  if (node.minElevationDeg !== undefined) faults.range(node.minElevationDeg, 0, 90, `${path}.min_elevation_deg`, ' degrees');
  node.elevationMask.forEach(({ azimuthDeg, minElevationDeg }, i) => {
    const at = `${path}.elevation_mask[${i}]`;
    faults.check(azimuthDeg >= 0 && azimuthDeg < 360, `${at}.azimuth_deg`, `${azimuthDeg} is not in 0 ≤ azimuth < 360 degrees`);
    faults.check(i === 0 || !(azimuthDeg <= node.elevationMask[i - 1].azimuthDeg), `${at}.azimuth_deg`, 'is not above that of the point before it');
    faults.range(minElevationDeg, 0, 90, `${at}.min_elevation_deg`, ' degrees');
  });
}

function checkSite({ latDeg, lonDeg, altM }: Site, path: string, faults: Faults): boolean {
  return [
    faults.range(latDeg, -90, 90, `${path}.lat_deg`, ' degrees'),
    faults.range(lonDeg, -180, 360, `${path}.lon_deg`, ' degrees'),
    faults.range(altM, -500, 100_000, `${path}.alt_m`, ' m'),
  ].every(Boolean);
}

function checkTrack({ waypoints }: Track, path: string, faults: Faults): void {
  faults.check(waypoints.length > 0, `${path}.waypoints`, 'is empty: name one at least');
  let before: TrackPoint | null = null;
  waypoints.forEach(({ at, site }, i) => {
    const here = `${path}.waypoints[${i}]`;
    const timely = checkSpan(at, `${here}.at`, faults);
    const placed = faults.check(site !== undefined, `${here}.site`, 'is missing') && checkSite(site!, `${here}.site`, faults);
    const point = timely && placed ? { atMs: durationMs(at), latDeg: site!.latDeg, lonDeg: site!.lonDeg, altM: site!.altM } : null;
    if (point !== null && before !== null) checkLeg(before, point, here, faults);
    before = point;
  });
}

function checkLeg(from: TrackPoint, to: TrackPoint, path: string, faults: Faults): void {
  if (!faults.check(to.atMs > from.atMs, `${path}.at`, 'is not after the waypoint before it')) return;
  if (!faults.check(!areAntipodal(from, to), path, 'lies opposite the waypoint before it on the globe: add one between that says which way')) return;
  const speed = legSpeedKmS(from, to);
  faults.check(speed <= FASTEST_KM_S, path, `needs ${speed.toFixed(1)} km/s to be reached in time, which is more than ${FASTEST_KM_S}`);
}
