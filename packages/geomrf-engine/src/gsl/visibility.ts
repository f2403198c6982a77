import type { GroundSites } from '../geometry/sites.js';
import { grown } from '../links/columns.js';
import type { Positions } from '../orbit/ecef-positions.js';
import type { OrbitBounds } from '../orbit/orbit-bounds.js';
import { Candidates } from './candidates.js';

/** Which satellites stand above the mask of which site: entries of site `s` are `start[s]` to `start[s + 1]`, by ascending satellite. */
export interface VisibleSatellites {
  readonly start: Int32Array;
  readonly satellite: Int32Array;
  readonly rangeKm: Float64Array;
  readonly sinElevation: Float64Array;
}

/** Looks at the candidates of every site, tick by tick. A satellite without a position (NaN) is not visible. */
export class Visibility implements VisibleSatellites {
  readonly start: Int32Array;
  satellite = new Int32Array(0);
  rangeKm = new Float64Array(0);
  sinElevation = new Float64Array(0);

  readonly #sites: GroundSites;
  readonly #candidates: Candidates;

  /** @param dtMs see {@link Candidates} */
  constructor(sites: GroundSites, bounds: OrbitBounds, dtMs: number) {
    this.#sites = sites;
    this.#candidates = new Candidates(sites, bounds, dtMs);
    this.start = new Int32Array(sites.count + 1);
  }

  /** All sites. @param positions at this instant, where the sites are as well */
  update(timeMs: number, positions: Positions): void {
    // What is not written costs no memory.
    this.#reserve(this.begin(timeMs, positions));
    for (let s = 0; s < this.#sites.count; s++) this.start[s + 1] = this.look(s, this.start[s], positions);
  }

  /** First part of {@link update}, for those who {@link look} site by site. @returns how many satellites all sites see, at most */
  begin(timeMs: number, positions: Positions): number {
    this.#candidates.update(timeMs, positions);
    return this.#candidates.length.reduce((sum, each) => sum + each, 0);
  }

  /** Writes what one site sees from an entry on. @returns the next entry */
  look(s: number, from: number, positions: Positions): number {
    this.#reserve(from + this.#candidates.length[s]);
    const end = this.#look(s, from, positions);
    return this.#sites.hasAzimuthMask[s] === 1 ? this.#mask(s, from, end, positions) : end;
  }

  #reserve(entries: number): void {
    if (entries <= this.satellite.length) return;
    this.satellite = grown(this.satellite, entries);
    this.rangeKm = grown(this.rangeKm, entries);
    this.sinElevation = grown(this.sinElevation, entries);
  }

  /** Writes the satellites above a site's lowest elevation from an entry on. @returns the next entry */
  #look(s: number, from: number, { x, y, z }: Positions): number {
    const sites = this.#sites;
    const siteX = sites.x[s];
    const siteY = sites.y[s];
    const siteZ = sites.z[s];
    const ux = sites.ux[s];
    const uy = sites.uy[s];
    const uz = sites.uz[s];
    const sin2 = sites.sinMinMask[s] * sites.sinMinMask[s];
    const { satellite: candidate, start, length } = this.#candidates;
    const { satellite, rangeKm, sinElevation } = this;
    let entry = from;
    for (let k = start[s], end = start[s] + length[s]; k < end; k++) {
      const i = candidate[k];
      const dx = x[i] - siteX;
      const dy = y[i] - siteY;
      const dz = z[i] - siteZ;
      const rise = dx * ux + dy * uy + dz * uz;
      const range2 = dx * dx + dy * dy + dz * dz;
      if (rise >= 0 && rise * rise >= sin2 * range2) {
        const range = Math.sqrt(range2);
        satellite[entry] = i;
        rangeKm[entry] = range;
        sinElevation[entry++] = rise / range;
      }
    }
    return entry;
  }

  /** Keeps those of a site's entries that are above its mask in their direction. @returns the next entry */
  #mask(s: number, from: number, to: number, { x, y, z }: Positions): number {
    let kept = from;
    for (let j = from; j < to; j++) {
      const i = this.satellite[j];
      if (!this.#sites.aboveMask(s, this.sinElevation[j], x[i], y[i], z[i])) continue;
      this.satellite[kept] = i;
      this.rangeKm[kept] = this.rangeKm[j];
      this.sinElevation[kept++] = this.sinElevation[j];
    }
    return kept;
  }
}
