import { SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy } from '@satsim/geomrf-proto';
import { LIGHT_KM_PER_S } from '../geometry/line-of-sight.js';
import { azimuthDeg } from '../geometry/sites.js';
import type { LinkTable } from '../links/link-table.js';
import type { Selection } from '../links/selector.js';
import type { StateVectors } from '../orbit/propagator.js';
import { Adaptation, OUTAGE } from '../rf/adaptation.js';
import { DVB_S2X } from '../rf/dvb-s2x.js';
import { LinkBudgets } from '../rf/link-budget.js';
import type { CompiledScenario, GroundSite } from '../scenario/compiled.js';
import { PassEnds } from './pass-end.js';
import { chooseSatellites } from './satellite-choice.js';
import type { Candidate } from './satellite-choice.js';
import { Visibility } from './visibility.js';

/** A site gives up one satellite for another within one tick. */
export interface Handover {
  readonly site: GroundSite;
  readonly from: number;
  readonly to: number;
}

/**
 * Links between ground and satellites. A link is in the set while the satellite is above the mask and chosen; it is down
 * while its SNR is too low for any MODCOD. Each direction has a budget of its own.
 *
 * `all_visible` takes all; the other policies take as many as the terminal serves at a time: `max_elevation` and `max_snr`
 * (SNR at the terminal) hand over to a better satellite, by the hysteresis; `longest_visible` and `least_loaded` (fewest
 * terminals that use the satellite) choose when a place is free and then keep the satellite until it sets.
 */
export class GslLinks {
  readonly visibility: Visibility;
  readonly sites: readonly GroundSite[];
  /** Of the last update, in the order of the sites. */
  readonly handovers: Handover[] = [];
  readonly adaptation: Adaptation;

  readonly #policy: GslPolicy;
  readonly #scenario: CompiledScenario;
  readonly #selection: Selection;
  readonly #budgets: LinkBudgets;
  readonly #passEnds: PassEnds;
  readonly #load: Int32Array;
  readonly #serving: (readonly number[])[];

  constructor(scenario: CompiledScenario, policy: GslPolicy, selection: Selection) {
    this.#scenario = scenario;
    this.#policy = policy;
    this.#selection = selection;
    const satellites = new Set(scenario.satelliteNodes);
    // Sites are independent of each other unless they count each other's load.
    const isNeeded = ({ linkType, node }: GroundSite): boolean =>
      policy.selection === SelectionPolicy.LEAST_LOADED || selection.mayHave(linkType, node, (other) => satellites.has(other));
    this.sites = scenario.sites.filter(isNeeded);
    this.visibility = new Visibility(this.sites, policy.minElevationDeg);
    const { adaptation } = scenario.spec;
    this.adaptation = new Adaptation(
      adaptation === undefined || adaptation.modcods.length === 0 ? DVB_S2X : adaptation.modcods,
      adaptation?.marginDb ?? 0,
      adaptation?.hysteresisDb ?? 0,
    );
    this.#budgets = new LinkBudgets(scenario.terminals);
    this.#passEnds = new PassEnds(scenario.propagator, this.sites);
    this.#load = new Int32Array(scenario.propagator.size);
    this.#serving = this.sites.map(() => []);
  }

  /**
   * @param states ECEF
   * @returns number of directed links looked at
   */
  update(timeMs: number, states: StateVectors, table: LinkTable): number {
    const { visibility } = this;
    visibility.update(states);
    this.handovers.length = 0;
    if (this.#policy.selection === SelectionPolicy.LEAST_LOADED) this.#countLoad();
    for (let s = 0; s < this.sites.length; s++) {
      const [from, to] = [visibility.start[s], visibility.start[s + 1]];
      if (this.#policy.selection === SelectionPolicy.ALL_VISIBLE) {
        for (let j = from; j < to; j++) this.#writeBoth(this.sites[s], j, states, table);
        continue;
      }
      const candidates: (Candidate & { readonly entry: number })[] = [];
      for (let j = from; j < to; j++) {
        candidates.push({ entry: j, satellite: visibility.satellite[j], elevationDeg: visibility.elevationDeg[j], score: this.#score(s, j, timeMs) });
      }
      const chosen = this.#choose(s, candidates) as typeof candidates;
      for (const { entry } of chosen) this.#writeBoth(this.sites[s], entry, states, table);
    }
    return 2 * visibility.count;
  }

  #choose(s: number, candidates: readonly Candidate[]): readonly Candidate[] {
    const site = this.sites[s];
    const before = this.#serving[s];
    const { selection, hysteresisDeg } = this.#policy;
    const voluntary = selection === SelectionPolicy.MAX_ELEVATION || selection === SelectionPolicy.MAX_SNR;
    const chosen = chooseSatellites(candidates, before, { maxLinks: site.maxLinks, hysteresisDeg, voluntary });
    const now = chosen.map((each) => each.satellite);
    const gained = now.filter((satellite) => !before.includes(satellite));
    const lost = before.filter((satellite) => !now.includes(satellite));
    for (let i = 0; i < Math.min(gained.length, lost.length); i++) this.handovers.push({ site, from: lost[i], to: gained[i] });
    if (selection === SelectionPolicy.LEAST_LOADED) for (const satellite of gained) this.#load[satellite]++;
    this.#serving[s] = now;
    return chosen;
  }

  #score(s: number, entry: number, timeMs: number): number {
    const { visibility } = this;
    const satellite = visibility.satellite[entry];
    switch (this.#policy.selection) {
      case SelectionPolicy.MAX_SNR:
        return this.#budgets.snrDb(this.#scenario.satelliteNodes[satellite], this.sites[s].node, visibility.rangeKm[entry]);
      case SelectionPolicy.LONGEST_VISIBLE:
        return this.#passEnds.of(s, satellite, timeMs);
      case SelectionPolicy.LEAST_LOADED:
        return -this.#load[satellite];
      default:
        return visibility.elevationDeg[entry];
    }
  }

  /** Terminals that will go on using each satellite, before any new choice. */
  #countLoad(): void {
    const { visibility } = this;
    this.#load.fill(0);
    for (let s = 0; s < this.sites.length; s++) {
      for (let j = visibility.start[s]; j < visibility.start[s + 1]; j++) {
        if (this.#serving[s].includes(visibility.satellite[j])) this.#load[visibility.satellite[j]]++;
      }
    }
  }

  #writeBoth(site: GroundSite, entry: number, states: StateVectors, table: LinkTable): void {
    const satellite = this.visibility.satellite[entry];
    const node = this.#scenario.satelliteNodes[satellite];
    const azimuth = azimuthDeg(site.site, states.x[satellite], states.y[satellite], states.z[satellite]);
    this.#write(site, site.node, node, entry, azimuth, table);
    this.#write(site, node, site.node, entry, azimuth, table);
  }

  #write({ linkType }: GroundSite, source: number, target: number, entry: number, azimuth: number, table: LinkTable): void {
    if (!this.#selection.has(linkType, source, target)) return;
    const slot = table.enter(linkType, source, target);
    const rangeKm = this.visibility.rangeKm[entry];
    table.rangeKm[slot] = rangeKm;
    table.elevationDeg[slot] = this.visibility.elevationDeg[entry];
    table.azimuthDeg[slot] = azimuth;
    table.delayS[slot] = rangeKm / LIGHT_KM_PER_S + this.#policy.processingDelayS;
    if (this.#policy.fixedCapacityBps !== undefined) {
      table.up[slot] = 1;
      table.capacityBps[slot] = this.#policy.fixedCapacityBps;
      table.lossRate[slot] = this.#policy.fixedLossRate ?? 0;
      table.snrDb[slot] = Number.NaN;
      table.marginDb[slot] = Number.NaN;
      table.modcod[slot] = OUTAGE;
      return;
    }
    const { adaptation } = this;
    const snrDb = this.#budgets.snrDb(source, target, rangeKm);
    const modcod = adaptation.choose(snrDb, table.isNew(slot) ? null : table.modcod[slot]);
    const marginDb = adaptation.marginOf(snrDb, modcod);
    table.up[slot] = modcod === OUTAGE ? 0 : 1;
    table.capacityBps[slot] = modcod === OUTAGE ? 0 : adaptation.steps[modcod].spectralEfficiency * this.#budgets.symbolRate[source];
    table.lossRate[slot] = modcod === OUTAGE ? 1 : (this.#policy.fixedLossRate ?? adaptation.lossOf(marginDb));
    table.snrDb[slot] = snrDb;
    table.marginDb[slot] = marginDb;
    table.modcod[slot] = modcod;
  }
}
