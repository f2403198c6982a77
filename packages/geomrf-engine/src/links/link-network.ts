import type { LinkSelector } from '@satsim/geomrf-proto';
import { ActiveFaults } from '../faults/active-faults.js';
import { GslLinks } from '../gsl/gsl-links.js';
import { wantedSites } from '../gsl/wanted-sites.js';
import { IslLinks } from '../isl/isl-links.js';
import { EcefPositions } from '../orbit/ecef-positions.js';
import { orbitBounds } from '../orbit/orbit-bounds.js';
import type { OrbitBounds } from '../orbit/orbit-bounds.js';
import type { Adaptation } from '../rf/adaptation.js';
import { adaptationOf } from '../rf/scenario-adaptation.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { LinkNumbers } from './link-numbers.js';
import type { LinkOutput } from './link-output.js';
import { Selection } from './selector.js';
import type { StreamOptions } from './stream-options.js';
import { TerrestrialLinks } from './terrestrial-links.js';

/** Where the satellites are from tick to tick, and what is known of their orbits. */
export interface Orbits {
  readonly bounds: OrbitBounds;
  readonly positions: EcefPositions;
}

/** For one stream. */
export function orbitsOf({ propagator, startMs, endMs }: CompiledScenario): Orbits {
  const bounds = orbitBounds(propagator, startMs, endMs);
  return { bounds, positions: new EcefPositions(propagator, bounds) };
}

/** A network of which a part is computed in other threads. */
export interface Share {
  readonly orbits: Orbits;
  /** The first sites, so many, are computed here. */
  readonly sites: number;
  /** Outputs of the ground links of all others. */
  readonly elsewhere: readonly LinkOutput[];
}

/**
 * The network of one stream: moves to one tick after the other and says what of the selected links has changed. What
 * depends on history (choices with hysteresis, MODCODs, what was last sent) begins at the stream's first tick.
 */
export class LinkNetwork {
  /** In this order: fixed inter-satellite links, changing ones, ground links by site and satellite, terrestrial ones. */
  readonly outputs: readonly LinkOutput[];
  readonly gsl: GslLinks | null;
  readonly adaptation: Adaptation;

  readonly #positions: EcefPositions;
  readonly #faults: ActiveFaults;
  readonly #isl: IslLinks | null;
  readonly #terrestrial: TerrestrialLinks;
  readonly #numbers = new LinkNumbers();

  constructor(
    scenario: CompiledScenario,
    selector: LinkSelector,
    options: StreamOptions,
    { orbits, sites: sitesHere, elsewhere }: Share = { orbits: orbitsOf(scenario), sites: Infinity, elsewhere: [] },
  ) {
    const { spec } = scenario;
    const selection = new Selection(selector, scenario.indexOf);
    this.#positions = orbits.positions;
    this.#faults = new ActiveFaults(scenario);
    this.adaptation = adaptationOf(spec);
    this.#isl = spec.isl === undefined ? null : new IslLinks(scenario, spec.isl, this.adaptation, selection, options);
    const sites = wantedSites(scenario, selection).slice(0, sitesHere);
    this.gsl = spec.gsl === undefined ? null : new GslLinks(scenario, sites, orbits.bounds, selection, options);
    this.#terrestrial = new TerrestrialLinks(scenario, selection, options);
    this.outputs = [...(this.#isl?.outputs ?? []), ...(this.gsl === null ? [] : [this.gsl.out]), ...elsewhere, this.#terrestrial.out];
  }

  /** Number of links in the set. */
  get size(): number {
    return this.#numbers.size;
  }

  /** @param timeMs Unix ms, later than that of the call before */
  moveTo(timeMs: number): void {
    this.begin(timeMs);
    this.compute(timeMs);
    this.settle();
  }

  /** First part of {@link moveTo}: where the satellites are, which all threads need. */
  begin(timeMs: number): void {
    this.#positions.moveTo(timeMs);
  }

  /** Second part: links that are computed here. */
  compute(timeMs: number): void {
    this.#faults.moveTo(timeMs);
    this.#isl?.update(timeMs, this.#positions, this.#faults);
    this.gsl?.update(timeMs, this.#positions, this.#faults);
    this.#terrestrial.update(this.#faults);
  }

  /** Third part: links that leave and enter, in all outputs, change numbers. */
  settle(): void {
    this.#numbers.give(this.outputs);
    this.#isl?.number();
    this.gsl?.number();
    this.#terrestrial.number();
  }
}
