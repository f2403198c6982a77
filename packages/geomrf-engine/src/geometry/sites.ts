import type { TrackPoint } from '@satsim/geomrf-proto';
import { ElevationMask } from './elevation-mask.js';
import type { HorizonPoint } from './elevation-mask.js';
import { Track, newTrackState } from './track.js';

/** WGS-84 (NIMA TR8350.2): semi-major axis, km, and flattening. */
export const WGS84_A_KM = 6378.137;
const FLATTENING = 1 / 298.257223563;
export const WGS84_B_KM = WGS84_A_KM * (1 - FLATTENING);
const E2 = FLATTENING * (2 - FLATTENING);

/** Degrees above the horizon, of a satellite that is `rise` km above a site's horizontal plane at a distance of `rangeKm`. */
export function elevationDeg(rise: number, rangeKm: number): number {
  return (Math.asin(Math.min(1, Math.max(-1, rise / rangeKm))) * 180) / Math.PI;
}

/** Where a ground node is, and what it can see. */
export interface GroundPlace {
  /** A single one for a node that stands. */
  readonly waypoints: readonly TrackPoint[];
  /** Degrees; the higher of this and the horizon holds. */
  readonly minElevationDeg: number;
  /** Least elevation by azimuth; may be empty. */
  readonly horizon: readonly HorizonPoint[];
}

/**
 * Ground nodes, structure of arrays: ECEF position in km and the unit vectors east, north and up (the ellipsoid's normal)
 * at the instant last moved to. It changes with {@link moveTo}, so every stream has its own.
 */
export class GroundSites {
  readonly count: number;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly ux: Float64Array;
  readonly uy: Float64Array;
  readonly uz: Float64Array;
  /** The third component of east is 0. */
  readonly eastX: Float64Array;
  readonly eastY: Float64Array;
  readonly northX: Float64Array;
  readonly northY: Float64Array;
  readonly northZ: Float64Array;
  /** Sites with more than one waypoint, ascending. */
  readonly moving: Int32Array;
  /** Bound on the speed over the whole scenario, km/s; 0 for those that stand. Their normal turns by at most a 6,334th of it a second. */
  readonly maxSpeedKmS: Float64Array;
  /** Sine of the lowest elevation that is allowed in any direction. */
  readonly sinMinMask: Float64Array;
  /** 1 where the mask depends on the azimuth, so that {@link aboveMask} has to be asked. */
  readonly hasAzimuthMask: Uint8Array;

  readonly #tracks: readonly Track[];
  readonly #masks: readonly ElevationMask[];
  readonly #sinMaxMask: Float64Array;
  readonly #state = newTrackState();

  constructor(places: readonly GroundPlace[]) {
    const { length } = places;
    const column = (): Float64Array => new Float64Array(length);
    this.count = length;
    [this.x, this.y, this.z, this.ux, this.uy, this.uz] = [column(), column(), column(), column(), column(), column()];
    [this.eastX, this.eastY, this.northX, this.northY, this.northZ] = [column(), column(), column(), column(), column()];
    this.#tracks = places.map(({ waypoints }) => new Track(waypoints));
    this.#masks = places.map(({ horizon, minElevationDeg }) => new ElevationMask(horizon, minElevationDeg));
    this.moving = Int32Array.from(this.#tracks.flatMap((track, site) => (track.moves ? [site] : [])));
    this.maxSpeedKmS = Float64Array.from(this.#tracks, (track) => track.maxSpeedKmS);
    this.sinMinMask = Float64Array.from(this.#masks, (mask) => sinDeg(mask.lowestDeg));
    this.#sinMaxMask = Float64Array.from(this.#masks, (mask) => sinDeg(mask.highestDeg));
    this.hasAzimuthMask = Uint8Array.from(this.#masks, (mask) => (mask.lowestDeg === mask.highestDeg ? 0 : 1));
    for (let site = 0; site < length; site++) this.moveOne(site, -Infinity);
  }

  /** Puts the moving ones where they are at an instant, Unix ms; the same instant gives the same bits, whatever was asked before. */
  moveTo(timeMs: number): void {
    for (const site of this.moving) this.moveOne(site, timeMs);
  }

  /** {@link moveTo} for one site. */
  moveOne(site: number, timeMs: number): void {
    const state = this.#state;
    this.#tracks[site].at(timeMs, state);
    const [ux, uy, uz] = state.normal;
    // WGS-84 geodetic to ECEF (NIMA TR8350.2 eq. 4-14), with the normal's components for the sines and cosines.
    const radius = WGS84_A_KM / Math.sqrt(1 - E2 * uz * uz);
    this.x[site] = (radius + state.altKm) * ux;
    this.y[site] = (radius + state.altKm) * uy;
    this.z[site] = (radius * (1 - E2) + state.altKm) * uz;
    [this.ux[site], this.uy[site], this.uz[site]] = [ux, uy, uz];
    const toAxis = Math.hypot(ux, uy);
    const [eastX, eastY] = toAxis === 0 ? [0, 1] : [-uy / toAxis, ux / toAxis];
    [this.eastX[site], this.eastY[site]] = [eastX, eastY];
    [this.northX[site], this.northY[site], this.northZ[site]] = [-uz * eastY, uz * eastX, ux * eastY - uy * eastX];
  }

  /** Velocity in ECEF, km/s, at an instant, into `out`; where a site is at the moment stays as it is. */
  velocityOf(site: number, timeMs: number, out: Float64Array): void {
    const state = this.#state;
    this.#tracks[site].at(timeMs, state);
    const { normal, normalPerS, altKm, altKmPerS } = state;
    // The derivative of the formula in moveOne.
    const inverse = 1 / (1 - E2 * normal[2] * normal[2]);
    const radius = WGS84_A_KM * Math.sqrt(inverse);
    const radiusPerS = radius * inverse * E2 * normal[2] * normalPerS[2];
    for (let axis = 0; axis < 3; axis++) {
      const flat = axis === 2 ? 1 - E2 : 1;
      out[axis] = (radiusPerS * flat + altKmPerS) * normal[axis] + (radius * flat + altKm) * normalPerS[axis];
    }
  }

  /**
   * Whether a satellite, which stands at a given elevation, is above the mask in its direction.
   *
   * @param x, y, z the satellite in ECEF, km
   */
  aboveMask(site: number, sinElevation: number, x: number, y: number, z: number): boolean {
    if (!(sinElevation >= this.sinMinMask[site])) return false;
    if (sinElevation >= this.#sinMaxMask[site]) return true;
    return sinElevation >= sinDeg(this.#masks[site].at(this.azimuthDeg(site, x, y, z)));
  }

  /** Sine of the elevation of an ECEF position, km. */
  sinElevation(site: number, x: number, y: number, z: number): number {
    const [dx, dy, dz] = [x - this.x[site], y - this.y[site], z - this.z[site]];
    return (dx * this.ux[site] + dy * this.uy[site] + dz * this.uz[site]) / Math.sqrt(dx * dx + dy * dy + dz * dz);
  }

  /** Degrees clockwise from north, 0 to 360, of an ECEF position, km. */
  azimuthDeg(site: number, x: number, y: number, z: number): number {
    const [dx, dy, dz] = [x - this.x[site], y - this.y[site], z - this.z[site]];
    const east = dx * this.eastX[site] + dy * this.eastY[site];
    const north = dx * this.northX[site] + dy * this.northY[site] + dz * this.northZ[site];
    const deg = (Math.atan2(east, north) * 180) / Math.PI;
    return deg < 0 ? deg + 360 : deg;
  }
}

const sinDeg = (deg: number): number => Math.sin((deg * Math.PI) / 180);
