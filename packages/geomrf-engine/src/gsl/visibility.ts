import { elevationDeg } from '../geometry/sites.js';
import type { GroundSite } from '../scenario/compiled.js';
import type { StateVectors } from '../orbit/propagator.js';

/**
 * Which satellites stand above the elevation mask of which site. Entries of site `s` are `start[s]` to `start[s + 1]`, by
 * ascending satellite.
 */
export class Visibility {
  readonly start: Int32Array;
  satellite = new Int32Array(256);
  rangeKm = new Float64Array(256);
  elevationDeg = new Float64Array(256);
  /** Number of site-satellite pairs seen by the last {@link update}. */
  count = 0;

  readonly #sites: readonly GroundSite[];
  readonly #sinMask: number;

  /** @param maskDeg least elevation, 0 to 90 */
  constructor(sites: readonly GroundSite[], maskDeg: number) {
    this.#sites = sites;
    this.#sinMask = Math.sin((maskDeg * Math.PI) / 180);
    this.start = new Int32Array(sites.length + 1);
  }

  /** @param states ECEF; a satellite without a position (NaN) is not visible */
  update({ x, y, z }: StateVectors): void {
    const sin2 = this.#sinMask * this.#sinMask;
    this.count = 0;
    for (let s = 0; s < this.#sites.length; s++) {
      const { site } = this.#sites[s];
      const [ux, uy, uz] = site.up;
      const plane = site.x * ux + site.y * uy + site.z * uz;
      for (let i = 0; i < x.length; i++) {
        // Height above the site's horizontal plane: rules out all but a few, with three products each.
        const rise = x[i] * ux + y[i] * uy + z[i] * uz - plane;
        if (!(rise >= 0)) continue;
        const [dx, dy, dz] = [x[i] - site.x, y[i] - site.y, z[i] - site.z];
        const range2 = dx * dx + dy * dy + dz * dz;
        if (rise * rise < sin2 * range2) continue;
        if (this.count === this.satellite.length) this.#grow();
        const rangeKm = Math.sqrt(range2);
        this.satellite[this.count] = i;
        this.rangeKm[this.count] = rangeKm;
        this.elevationDeg[this.count++] = elevationDeg(rise, rangeKm);
      }
      this.start[s + 1] = this.count;
    }
  }

  #grow(): void {
    const wider = <T extends Int32Array | Float64Array>(column: T): T => {
      const copy = new (column.constructor as new (length: number) => T)(2 * column.length);
      copy.set(column);
      return copy;
    };
    this.satellite = wider(this.satellite);
    this.rangeKm = wider(this.rangeKm);
    this.elevationDeg = wider(this.elevationDeg);
  }
}

/** Whether one ECEF position, km, stands above the mask. */
export function isVisible(site: GroundSite['site'], sinMask: number, position: Float64Array): boolean {
  const [dx, dy, dz] = [position[0] - site.x, position[1] - site.y, position[2] - site.z];
  const rise = dx * site.up[0] + dy * site.up[1] + dz * site.up[2];
  return rise >= sinMask * Math.sqrt(dx * dx + dy * dy + dz * dz);
}
