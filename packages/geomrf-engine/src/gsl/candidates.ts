import type { GroundSites } from '../geometry/sites.js';
import type { Positions } from '../orbit/ecef-positions.js';
import { EARTH_ROTATION_RAD_PER_S } from '../orbit/frames.js';
import type { OrbitBounds } from '../orbit/orbit-bounds.js';
import { DirectionCells } from './direction-cells.js';

/** How long a list of candidates holds, when ticks are short enough for that to be worth it. */
const HORIZON_MS = 15_000;
/** Fewer would make uneven ticks; with more, all satellites are sorted for a few sites. */
const GROUPS = 5;
/** No site is nearer to the Earth's centre, km (the poles are at 6356.75, and sites at most 0.5 km below the ellipsoid). */
const LEAST_RADIUS_KM = 6356;
/** The plumb line of the ellipsoid is off the geocentric direction by 0.1925° at most. */
const DEFLECTION_RAD = 0.0034;
const ROUNDING_RAD = 1e-6;

/**
 * For each site the satellites that can be above its mask until its list is made anew, in ascending order. A list is
 * conservative: it takes a satellite whose direction from the Earth's centre is no further away than one at the mask can be,
 * plus what satellite, Earth and site can move until then (bounds of {@link OrbitBounds}). Satellites without bounds
 * are in every list.
 *
 * Lists hold for 15 s of Unix time. They are made anew in groups, one after the other, which spreads the work.
 */
export class Candidates {
  /** List of site `s`: `satellite[start[s]]`, `length[s]` of them. */
  readonly start: Int32Array;
  readonly length: Int32Array;
  satellite: Int32Array;

  readonly #sites: GroundSites;
  readonly #horizonMs: number;
  readonly #cells: DirectionCells;
  /** Of each satellite: cosine of the widest angle to a site that it can rise for within the horizon. */
  readonly #cosWidest: Float64Array;
  /** The widest of these angles. */
  readonly #widest: number;
  readonly #unbounded: Int32Array;
  readonly #room: Int32Array;
  /** One bit a satellite: puts a list into order. */
  readonly #marks: Uint32Array;
  readonly #ascending: Int32Array;
  /** When each group's lists were made, in units of the horizon. */
  readonly #turn = new Float64Array(GROUPS).fill(Number.NaN);
  #used = 0;

  /** @param dtMs length of the ticks to come; correct for others as well */
  constructor(sites: GroundSites, bounds: OrbitBounds, dtMs: number) {
    this.#sites = sites;
    const { count } = sites;
    const size = bounds.isBounded.length;
    this.#horizonMs = 2 * dtMs <= HORIZON_MS ? HORIZON_MS : 0;
    this.#cells = new DirectionCells(size);
    this.start = new Int32Array(count);
    this.length = new Int32Array(count);
    this.satellite = new Int32Array(64 * count);
    this.#room = new Int32Array(count);
    this.#marks = new Uint32Array(Math.ceil(size / 32));
    this.#ascending = new Int32Array(size);
    this.#unbounded = Int32Array.from(Array.from(bounds.isBounded.keys()).filter((i) => bounds.isBounded[i] === 0));
    const lowest = Math.asin(sites.sinMinMask.reduce((least, each) => Math.min(least, each), 1)) - DEFLECTION_RAD;
    const siteRate = sites.maxSpeedKmS.reduce((most, each) => Math.max(most, each), 0) / LEAST_RADIUS_KM;
    const widest = bounds.farthestKm.map((farthestKm, i) => {
      const inSight = Math.acos(Math.min(1, (LEAST_RADIUS_KM * Math.cos(lowest)) / farthestKm)) - lowest;
      const moved = (bounds.angularRate[i] + EARTH_ROTATION_RAD_PER_S + siteRate) * (this.#horizonMs / 1000);
      return Math.min(Math.PI, inSight + moved + ROUNDING_RAD);
    });
    this.#widest = widest.reduce((most, each, i) => (bounds.isBounded[i] === 1 ? Math.max(most, each) : most), 0);
    // Those without bounds are in the lists anyway: no angle is right for them.
    this.#cosWidest = widest.map((angle, i) => (bounds.isBounded[i] === 1 ? Math.cos(angle) : Infinity));
  }

  /** Brings the lists up to a tick. */
  update(timeMs: number, positions: Positions): void {
    const { count } = this.#sites;
    let isSorted = false;
    for (let group = 0; group < GROUPS; group++) {
      // Within its turn a list holds before the time it was made at as well as after: motion is bounded both ways.
      // Half a turn off from when satellites look for their nearest ones, so that the two don't fall together.
      const turn = this.#horizonMs === 0 ? timeMs : Math.floor(timeMs / this.#horizonMs + (group + 0.5) / GROUPS);
      if (turn === this.#turn[group]) continue;
      this.#turn[group] = turn;
      if (!isSorted) this.#cells.sort(positions.x, positions.y, positions.z);
      isSorted = true;
      for (let site = Math.floor((group * count) / GROUPS); site < Math.floor(((group + 1) * count) / GROUPS); site++) this.#renew(site);
    }
  }

  #renew(site: number): void {
    const marks = this.#marks;
    this.#mark(site);
    for (const i of this.#unbounded) marks[i >> 5] |= 1 << (i & 31);
    const ascending = this.#ascending;
    let found = 0;
    for (let w = 0; w < marks.length; w++) {
      let bits = marks[w];
      if (bits === 0) continue;
      marks[w] = 0;
      for (; bits !== 0; bits &= bits - 1) ascending[found++] = (w << 5) + 31 - Math.clz32(bits & -bits);
    }
    if (found > this.#room[site]) this.#makeRoom(site, found);
    for (let k = 0, place = this.start[site]; k < found; k++, place++) this.satellite[place] = ascending[k];
    this.length[site] = found;
  }

  /** Marks the satellites within their angle, in the cells within the widest. */
  #mark(site: number): void {
    const { start, satellite, bands, columns, x, y, z } = this.#cells;
    const [marks, cosWidest, angle] = [this.#marks, this.#cosWidest, this.#widest];
    const sites = this.#sites;
    const radius = Math.hypot(sites.x[site], sites.y[site], sites.z[site]);
    const [ux, uy, uz] = [sites.x[site] / radius, sites.y[site] / radius, sites.z[site] / radius];
    const latitude = Math.asin(Math.max(-1, Math.min(1, uz)));
    const overPole = Math.abs(latitude) + angle >= Math.PI / 2 - ROUNDING_RAD;
    const south = latitude - angle <= -Math.PI / 2 ? -1 : Math.sin(latitude - angle);
    const north = latitude + angle >= Math.PI / 2 ? 1 : Math.sin(latitude + angle);
    // A circle around the site touches the meridians that are so far away (Napier: sin Δλ = sin angle / cos latitude).
    const width = overPole ? Math.PI : Math.asin(Math.sin(angle) / Math.cos(latitude)) + ROUNDING_RAD;
    const longitude = Math.atan2(uy, ux);
    const whole = width >= Math.PI / 2;
    const west = whole ? 0 : this.#cells.columnOf(Math.cos(longitude - width), Math.sin(longitude - width));
    const east = whole ? columns - 1 : this.#cells.columnOf(Math.cos(longitude + width), Math.sin(longitude + width));
    const top = this.#cells.bandOf(north + ROUNDING_RAD);
    for (let band = this.#cells.bandOf(Math.max(-1, south - ROUNDING_RAD)); band <= Math.min(top, bands - 1); band++) {
      // Columns west to east, which may pass the end of the band and go on at its beginning.
      for (let part = 0; part < (west <= east ? 1 : 2); part++) {
        const first = start[band * columns + (part === 0 ? west : 0)];
        const last = start[band * columns + 1 + (part === 0 && west > east ? columns - 1 : east)];
        for (let k = first; k < last; k++) {
          const i = satellite[k];
          if (x[k] * ux + y[k] * uy + z[k] * uz >= cosWidest[i]) marks[i >> 5] |= 1 << (i & 31);
        }
      }
    }
  }

  /** A new place for a site's list, with room to grow; the old place is lost until all lists move together. */
  #makeRoom(site: number, needed: number): void {
    const room = Math.ceil(1.25 * needed) + 8;
    if (this.#used + room > this.satellite.length) {
      const { satellite } = this;
      const kept = this.#room.reduce((sum, each, s) => (s === site ? sum : sum + each), room);
      this.satellite = new Int32Array(Math.ceil(1.25 * kept));
      this.#used = 0;
      for (let s = 0; s < this.start.length; s++) {
        if (s === site) continue;
        this.satellite.set(satellite.subarray(this.start[s], this.start[s] + this.length[s]), this.#used);
        this.start[s] = this.#used;
        this.#used += this.#room[s];
      }
    }
    this.start[site] = this.#used;
    this.#room[site] = room;
    this.#used += room;
  }
}
