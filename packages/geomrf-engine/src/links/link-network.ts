import type { LinkSelector } from '@satsim/geomrf-proto';
import { ActiveFaults } from '../faults/active-faults.js';
import { needsEverySite } from '../gsl/chooser.js';
import { GslLinks } from '../gsl/gsl-links.js';
import { IslLinks } from '../isl/isl-links.js';
import { EcefPositions } from '../orbit/ecef-positions.js';
import { orbitBounds } from '../orbit/orbit-bounds.js';
import { Adaptation } from '../rf/adaptation.js';
import { DVB_S2X } from '../rf/dvb-s2x.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { LinkNumbers } from './link-numbers.js';
import type { LinkOutput } from './link-output.js';
import { Selection } from './selector.js';
import type { StreamOptions } from './stream-options.js';
import { TerrestrialLinks } from './terrestrial-links.js';

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

  constructor(scenario: CompiledScenario, selector: LinkSelector, options: StreamOptions) {
    const { propagator, spec, startMs, endMs } = scenario;
    const selection = new Selection(selector, scenario.indexOf);
    const bounds = orbitBounds(propagator, startMs, endMs);
    this.#positions = new EcefPositions(propagator, bounds);
    this.#faults = new ActiveFaults(scenario);
    const { modcods = [], marginDb = 0, hysteresisDb = 0 } = spec.adaptation ?? {};
    this.adaptation = new Adaptation(modcods.length === 0 ? DVB_S2X : modcods, marginDb, hysteresisDb);
    this.#isl = spec.isl === undefined ? null : new IslLinks(scenario, spec.isl, this.adaptation, selection, options);
    const sites = wantedSites(scenario, selection);
    this.gsl = spec.gsl === undefined ? null : new GslLinks(scenario, sites, bounds, this.adaptation, selection, options);
    this.#terrestrial = new TerrestrialLinks(scenario, selection, options);
    this.outputs = [...(this.#isl?.outputs ?? []), ...(this.gsl === null ? [] : [this.gsl.out]), this.#terrestrial.out];
  }

  /** Number of links in the set. */
  get size(): number {
    return this.#numbers.size;
  }

  /** @param timeMs Unix ms, later than that of the call before */
  moveTo(timeMs: number): void {
    this.#positions.moveTo(timeMs);
    this.#faults.moveTo(timeMs);
    this.#isl?.update(timeMs, this.#positions, this.#faults);
    this.gsl?.update(timeMs, this.#positions, this.#faults);
    this.#terrestrial.update(this.#faults);
    this.#numbers.give(this.outputs);
    this.#isl?.number();
    this.gsl?.number();
    this.#terrestrial.number();
  }
}

/** Sites with a link that may be selected; all of them where what one gets depends on the others. */
function wantedSites(scenario: CompiledScenario, selection: Selection): readonly number[] {
  const all = scenario.sites.map((_, index) => index);
  const { gsl } = scenario.spec;
  if (gsl === undefined || needsEverySite(scenario, gsl)) return all;
  const satellites = new Set(scenario.satelliteNodes);
  return all.filter((index) => selection.mayHave(scenario.sites[index].linkType, scenario.sites[index].node, (other) => satellites.has(other)));
}
