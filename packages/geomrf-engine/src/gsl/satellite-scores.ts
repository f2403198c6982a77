import { SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy } from '@satsim/geomrf-proto';
import { elevationDeg } from '../geometry/sites.js';
import type { GroundPlace } from '../geometry/sites.js';
import type { Propagator } from '../orbit/propagator.js';
import { PassEnds } from './pass-end.js';
import type { VisibleSatellites } from './visibility.js';
import { SkyAhead } from './sky-ahead.js';

/** More than any elevation and hysteresis: those that stay come before all that do not. */
const STAYS = 1000;
const MOST_HYSTERESIS_DEG = 180;

/** Whether a policy looks where satellites will be, beyond where they are. */
export function looksAhead({ selection }: GslPolicy): boolean {
  return selection === SelectionPolicy.LONGEST_VISIBLE || selection === SelectionPolicy.SCHEDULED;
}

/** What a policy prefers: by entry of the visible satellites, the higher the better. Worked out for a site when it is asked for. */
export class SatelliteScores {
  readonly #propagator: Propagator;
  readonly #policy: GslPolicy;
  readonly #places: readonly GroundPlace[];
  readonly #load: Int32Array;
  readonly #snrDb: (site: number, satellite: number, rangeKm: number, sinElevation: number) => number;
  #passEnds: PassEnds | null = null;
  #sky: SkyAhead | null = null;
  #visible!: VisibleSatellites;
  #timeMs = 0;
  #isInUse: (entry: number) => boolean = () => false;
  #score = new Float64Array(0);
  #scored = -1;

  /** @param load terminals by satellite, kept up to date by the caller */
  constructor(
    propagator: Propagator,
    policy: GslPolicy,
    places: readonly GroundPlace[],
    load: Int32Array,
    snrDb: (site: number, satellite: number, rangeKm: number, sinElevation: number) => number,
  ) {
    this.#propagator = propagator;
    this.#policy = policy;
    this.#places = places;
    this.#load = load;
    this.#snrDb = snrDb;
  }

  /** A new tick. */
  begin(timeMs: number, visible: VisibleSatellites): void {
    this.#timeMs = timeMs;
    this.#visible = visible;
    this.#scored = -1;
    const count = visible.start[this.#places.length];
    if (this.#policy.selection !== SelectionPolicy.MAX_ELEVATION && count > this.#score.length) this.#score = new Float64Array(2 * count);
  }

  /** The scores of one site's entries, as they are when its turn begins; until another site is asked for. */
  of(site: number): Float64Array {
    const { selection } = this.#policy;
    if (selection === SelectionPolicy.MAX_ELEVATION) return this.#visible.sinElevation;
    if (this.#scored === site) return this.#score;
    const { start } = this.#visible;
    for (let j = start[site]; j < start[site + 1]; j++) this.#score[j] = this.#scoreOf(site, j);
    this.#scored = site;
    return this.#score;
  }

  /** For `scheduled`, before {@link of}: the instant that counts, and which entries are in use until now. */
  lookAhead(toMs: number, isInUse: (entry: number) => boolean): void {
    this.#sky ??= new SkyAhead(this.#propagator, this.#places);
    this.#sky.moveTo(toMs);
    this.#isInUse = isInUse;
  }

  #scoreOf(site: number, entry: number): number {
    const { satellite, rangeKm, sinElevation } = this.#visible;
    switch (this.#policy.selection) {
      case SelectionPolicy.MAX_SNR:
        return this.#snrDb(site, satellite[entry], rangeKm[entry], sinElevation[entry]);
      case SelectionPolicy.LONGEST_VISIBLE:
        return (this.#passEnds ??= new PassEnds(this.#propagator, this.#places)).of(site, satellite[entry], this.#timeMs);
      case SelectionPolicy.SCHEDULED:
        return this.#scoreAhead(site, entry, satellite[entry]);
      default:
        return -this.#load[satellite[entry]];
    }
  }

  #scoreAhead(site: number, entry: number, satellite: number): number {
    const sky = this.#sky!;
    const sine = sky.sinElevation(site, satellite);
    if (Number.isNaN(sine)) return -Infinity;
    const bonus = this.#isInUse(entry) ? Math.min(this.#policy.hysteresisDeg, MOST_HYSTERESIS_DEG) : 0;
    return elevationDeg(sine, 1) + bonus + (sky.aboveMask(site, satellite, sine) ? STAYS : 0);
  }
}
