import { GroundSites } from '../geometry/sites.js';
import type { GroundPlace } from '../geometry/sites.js';
import { gmst, temeToEcef } from '../orbit/frames.js';
import { newStateVectors } from '../orbit/propagator.js';
import type { Propagator, StateVectors } from '../orbit/propagator.js';
import { instantOfMs } from '../time.js';

/** The sky over all sites at an instant to come. */
export class SkyAhead {
  readonly #propagator: Propagator;
  readonly #sites: GroundSites;
  readonly #states: StateVectors;

  constructor(propagator: Propagator, places: readonly GroundPlace[]) {
    this.#propagator = propagator;
    this.#sites = new GroundSites(places);
    this.#states = newStateVectors(propagator.size, false);
  }

  moveTo(timeMs: number): void {
    const at = instantOfMs(timeMs);
    this.#propagator.propagate(at, this.#states);
    temeToEcef(this.#states, gmst(at));
    this.#sites.moveTo(timeMs);
  }

  /** NaN for a satellite without a position. */
  sinElevation(site: number, satellite: number): number {
    const { x, y, z } = this.#states;
    return this.#sites.sinElevation(site, x[satellite], y[satellite], z[satellite]);
  }

  aboveMask(site: number, satellite: number, sinElevation: number): boolean {
    const { x, y, z } = this.#states;
    return this.#sites.aboveMask(site, sinElevation, x[satellite], y[satellite], z[satellite]);
  }
}
