import { SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy } from '@satsim/geomrf-proto';
import type { ActiveFaults } from '../faults/active-faults.js';
import { LIGHT_KM_PER_S } from '../geometry/line-of-sight.js';
import { GroundSites, elevationDeg } from '../geometry/sites.js';
import { roomy } from '../links/columns.js';
import type { EventRows } from '../links/event-rows.js';
import { LinkOutput } from '../links/link-output.js';
import type { LinkEvents } from '../links/link-output.js';
import { LinkState, LinkStates, NOT_SELECTED } from '../links/link-states.js';
import type { Selection } from '../links/selector.js';
import type { StreamOptions } from '../links/stream-options.js';
import type { Positions } from '../orbit/ecef-positions.js';
import type { OrbitBounds } from '../orbit/orbit-bounds.js';
import { OUTAGE } from '../rf/adaptation.js';
import type { Adaptation } from '../rf/adaptation.js';
import type { LinkBudgets } from '../rf/link-budget.js';
import { adaptationOf } from '../rf/scenario-adaptation.js';
import { budgetsOf } from '../rf/scenario-budgets.js';
import type { CompiledScenario, GroundSite } from '../scenario/compiled.js';
import { Chooser } from './chooser.js';
import { Passes } from './passes.js';
import { Visibility } from './visibility.js';

/** Links of one tick, by site and ascending satellite: pair `p` is the site's link to `satellite[p]` and the one back. */
class SitePairs {
  readonly start: Int32Array;
  satellite = new Int32Array(0);
  readonly states: LinkStates;

  constructor(sites: number, plain: boolean) {
    this.start = new Int32Array(sites + 1);
    this.states = plain ? new LinkStates(1, true) : new LinkStates(2, false);
  }

  reserve(pairs: number): void {
    this.satellite = roomy(this.satellite, pairs);
    this.states.reserve(pairs);
  }
}

/**
 * Links between some sites and satellites. A link is in the set while the satellite is above the mask and, but for
 * `all_visible`, chosen (see {@link Chooser}); it is down on a fault, while its SNR is too low for any MODCOD, and in the
 * outage of a handover. Each direction has a budget of its own. Each tick's pairs are matched with those of the tick before.
 */
export class GslLinks {
  readonly sites: readonly GroundSite[];
  /** Of all sites, where a policy or the stream's options ask for it. */
  readonly visibility: Visibility;
  readonly out: LinkOutput;

  readonly #policy: GslPolicy;
  readonly #satelliteNodes: Int32Array;
  readonly #selection: Selection;
  readonly #options: StreamOptions;
  readonly #places: GroundSites;
  readonly #chooser: Chooser | null;
  readonly #adaptation: Adaptation;
  readonly #budgets: LinkBudgets;
  /** Nothing but the geometry ever changes. */
  readonly #plain: boolean;
  /** Nobody asks what all sites see. */
  readonly #siteBySite: boolean;
  readonly #passes: Passes | null;
  readonly #state = new LinkState();
  #filled: Uint8Array | null = null;
  #filledCount = 0;
  #now: SitePairs;
  #before: SitePairs;

  /**
   * @param siteIndices of the scenario's sites, ascending
   * @param shared whether another thread reads the output
   */
  constructor(scenario: CompiledScenario, siteIndices: readonly number[], bounds: OrbitBounds, selection: Selection, options: StreamOptions, shared = false) {
    const policy = scenario.spec.gsl!;
    this.#policy = policy;
    this.#satelliteNodes = scenario.satelliteNodes;
    this.#selection = selection;
    this.#options = options;
    this.sites = siteIndices.map((index) => scenario.sites[index]);
    this.#places = new GroundSites(this.sites);
    this.visibility = new Visibility(this.#places, bounds, options.dtMs);
    this.#adaptation = adaptationOf(scenario.spec);
    this.#budgets = budgetsOf(scenario);
    const snrDb = (site: number, satellite: number, rangeKm: number, sinElevation: number): number =>
      this.#budgets.snrDb(this.#satelliteNodes[satellite], this.sites[site].node, rangeKm, sinElevation);
    this.#chooser = policy.selection === SelectionPolicy.ALL_VISIBLE ? null : new Chooser(scenario, policy, siteIndices, snrDb);
    const haveBeams = scenario.terminals.some((terminal) => (terminal?.beams ?? 0) > 0);
    this.#plain =
      policy.fixedCapacityBps !== undefined &&
      scenario.spec.faults.length === 0 &&
      !options.details &&
      (this.#chooser === null || (policy.handoverOutageS === 0 && !haveBeams));
    this.#siteBySite = this.#plain && this.#chooser === null && !options.events;
    this.out = new LinkOutput(options, options.modcods && policy.fixedCapacityBps === undefined, shared);
    this.#passes = options.events ? new Passes(this.sites.length) : null;
    this.#now = new SitePairs(this.sites.length, this.#plain);
    this.#before = new SitePairs(this.sites.length, this.#plain);
  }

  /** @param positions, faults at this instant */
  update(timeMs: number, positions: Positions, faults: ActiveFaults): void {
    this.#places.moveTo(timeMs);
    this.#budgets.moveTo(timeMs);
    [this.#now, this.#before] = [this.#before, this.#now];
    if (this.#siteBySite) this.#updateSiteBySite(timeMs, positions);
    else this.#updateAll(timeMs, positions, faults);
    if (this.#plain) this.#fillConstants();
    if (this.out.events !== null) this.#tellEvents(this.out.events);
  }

  #updateAll(timeMs: number, positions: Positions, faults: ActiveFaults): void {
    const { visibility } = this;
    visibility.update(timeMs, positions);
    this.#chooser?.choose(timeMs, visibility, faults);
    const start = this.#chooser?.start ?? visibility.start;
    const count = start[this.sites.length];
    this.#now.start.set(start);
    this.#now.reserve(count);
    this.out.begin(2 * count);
    this.out.looked = 2 * visibility.start[this.sites.length];
    for (let s = 0; s < this.sites.length; s++) {
      if (this.#plain) this.#updatePlain(s, 0);
      else this.#updateSite(s, positions, faults);
    }
  }

  /** Links of a site while what it sees is still in the processor's cache. */
  #updateSiteBySite(timeMs: number, positions: Positions): void {
    const { start } = this.#now;
    const atMost = this.visibility.begin(timeMs, positions);
    this.#now.reserve(atMost);
    this.out.begin(2 * atMost);
    for (let s = 0; s < this.sites.length; s++) {
      start[s + 1] = start[s] + this.visibility.look(s, 0, positions);
      this.#updatePlain(s, start[s]);
    }
    this.out.looked = 2 * start[this.sites.length];
  }

  /** Passes, and handovers, of which the stream has a link in either direction. */
  #tellEvents({ passStarts, passEnds, handovers }: LinkEvents): void {
    const tell = (to: EventRows, s: number, satellite: number): void => {
      if (this.#wants(this.sites[s], satellite)) to.add(this.sites[s].node, this.#satelliteNodes[satellite]);
    };
    this.#passes!.update(
      this.visibility,
      (s, satellite) => tell(passStarts, s, satellite),
      (s, satellite) => tell(passEnds, s, satellite),
    );
    for (const { site, from, to } of this.#chooser?.handovers ?? []) {
      if (this.#wants(site, from) || this.#wants(site, to)) handovers.add(site.node, this.#satelliteNodes[from], this.#satelliteNodes[to]);
    }
  }

  #wants({ linkType, node }: GroundSite, satellite: number): boolean {
    const other = this.#satelliteNodes[satellite];
    return this.#selection.has(linkType, node, other) || this.#selection.has(linkType, other, node);
  }

  /** Takes over the numbers of the links that entered. */
  number(): void {
    this.#now.states.number(this.out);
  }

  /** What is the same in all rows, for rows that were never used before. */
  #fillConstants(): void {
    const { count, up, capacityBps, lossRate } = this.out;
    if (up !== this.#filled) this.#filledCount = 0;
    this.#filled = up;
    if (count <= this.#filledCount) return;
    up.fill(1, this.#filledCount, count);
    capacityBps.fill(this.#policy.fixedCapacityBps!, this.#filledCount, count);
    lossRate.fill(this.#policy.fixedLossRate ?? 0, this.#filledCount, count);
    this.#filledCount = count;
  }

  /**
   * Both directions are the same, always up, with one capacity and one loss, which stand in the output.
   *
   * @param shift by which pairs are numbered higher than the entries of what is visible
   */
  #updatePlain(s: number, shift: number): void {
    const { satellite: visible, rangeKm } = this.visibility;
    const { processingDelayS } = this.#policy;
    const threshold = this.#options.thresholds.delayS;
    const entry = this.#chooser?.entry ?? null;
    const [now, before, out] = [this.#now, this.#before, this.out];
    const { satellite, start } = now;
    const { link, delayS } = now.states;
    const { satellite: oldSatellite } = before;
    const { link: oldLink, delayS: oldDelayS } = before.states;
    const { link: sentLink, delayS: sentDelayS } = out;
    const last = before.start[s + 1];
    let row = out.count;
    let old = before.start[s];
    for (let p = start[s]; p < start[s + 1]; p++) {
      const j = entry === null ? p - shift : entry[p];
      const i = visible[j];
      const delay = rangeKm[j] / LIGHT_KM_PER_S + processingDelayS;
      satellite[p] = i;
      for (; old < last && oldSatellite[old] < i; old++) this.#remove(old);
      if (old === last || oldSatellite[old] !== i) {
        this.#enter(s, p, i);
        delayS[p] = delay;
        for (let cell = 2 * p; cell <= 2 * p + 1; cell++) {
          if (link[cell] === NOT_SELECTED) continue;
          out.count = row;
          this.#enterCell(s, cell);
          sentLink[row] = link[cell];
          sentDelayS[row++] = delay;
        }
        continue;
      }
      const forth = oldLink[2 * old];
      const back = oldLink[2 * old + 1];
      const sent = oldDelayS[old++];
      link[2 * p] = forth;
      link[2 * p + 1] = back;
      if (Math.abs(delay - sent) <= threshold) {
        delayS[p] = sent;
        continue;
      }
      delayS[p] = delay;
      if (forth !== NOT_SELECTED) {
        sentLink[row] = forth;
        sentDelayS[row++] = delay;
      }
      if (back !== NOT_SELECTED) {
        sentLink[row] = back;
        sentDelayS[row++] = delay;
      }
    }
    out.count = row;
    for (; old < last; old++) this.#remove(old);
  }

  #updateSite(s: number, positions: Positions, faults: ActiveFaults): void {
    const { visibility } = this;
    const chooser = this.#chooser;
    const { events } = this.out;
    const [now, before] = [this.#now, this.#before];
    const last = before.start[s + 1];
    let old = before.start[s];
    for (let p = now.start[s]; p < now.start[s + 1]; p++) {
      const j = chooser === null ? p : chooser.entry[p];
      const i = visibility.satellite[j];
      now.satellite[p] = i;
      for (; old < last && before.satellite[old] < i; old++) this.#remove(old);
      const isNew = old === last || before.satellite[old] !== i;
      if (isNew) this.#enter(s, p, i);
      if (this.#options.details) {
        this.#state.rangeKm = visibility.rangeKm[j];
        this.#state.elevationDeg = elevationDeg(visibility.sinElevation[j], 1);
        this.#state.azimuthDeg = this.#places.azimuthDeg(s, positions.x[i], positions.y[i], positions.z[i]);
      }
      const inOutage = chooser !== null && chooser.inOutage[p] === 1;
      const sharers = chooser === null ? 1 : chooser.sharers[p];
      for (let direction = 0; direction < 2; direction++) {
        const cell = 2 * p + direction;
        if (!isNew) {
          now.states.link[cell] = before.states.link[2 * old + direction];
          now.states.carry(cell, before.states, 2 * old + direction);
        }
        if (now.states.link[cell] === NOT_SELECTED) continue;
        this.#compute(s, cell, j, isNew, inOutage, sharers, faults);
        if (events !== null && !isNew && now.states.changesModcod(cell, this.#state))
          events.modcodChanges.add(now.states.link[cell], now.states.modcod[cell], this.#state.modcod);
        if (!now.states.take(cell, isNew, this.#state, this.#options)) continue;
        if (isNew) this.#enterCell(s, cell);
        this.out.sendState(now.states.link[cell], this.#state);
      }
      if (!isNew) old++;
    }
    for (; old < last; old++) this.#remove(old);
  }

  /** State of one direction. */
  #compute(s: number, cell: number, entry: number, isNew: boolean, inOutage: boolean, sharers: number, faults: ActiveFaults): void {
    const state = this.#state;
    const { fixedCapacityBps, fixedLossRate, processingDelayS } = this.#policy;
    const rangeKm = this.visibility.rangeKm[entry];
    const [source, target] = this.#ends(s, cell);
    state.delayS = rangeKm / LIGHT_KM_PER_S + processingDelayS;
    state.up = 1;
    if (fixedCapacityBps !== undefined) {
      state.capacityBps = fixedCapacityBps / sharers;
      state.lossRate = fixedLossRate ?? 0;
    } else {
      const adaptation = this.#adaptation;
      const snrDb = this.#budgets.snrDb(source, target, rangeKm, this.visibility.sinElevation[entry]);
      const modcod = adaptation.choose(snrDb, isNew ? null : this.#now.states.modcod[cell]);
      state.snrDb = snrDb;
      state.marginDb = adaptation.marginOf(snrDb, modcod);
      state.modcod = modcod;
      if (modcod === OUTAGE) state.up = 0;
      state.capacityBps = modcod === OUTAGE ? 0 : (adaptation.steps[modcod].spectralEfficiency * this.#budgets.symbolRate[source]) / sharers;
      state.lossRate = modcod === OUTAGE ? 1 : (fixedLossRate ?? adaptation.lossOf(state.marginDb));
    }
    if (inOutage) state.up = 0;
    if (!faults.none) state.suffer(faults.effectOn(source, target));
  }

  /** A pair that was not there at the tick before: finds out which directions are wanted. */
  #enter(s: number, pair: number, satellite: number): void {
    const { link } = this.#now.states;
    const { linkType, node } = this.sites[s];
    const other = this.#satelliteNodes[satellite];
    link[2 * pair] = this.#selection.has(linkType, node, other) ? 0 : NOT_SELECTED;
    link[2 * pair + 1] = this.#selection.has(linkType, other, node) ? 0 : NOT_SELECTED;
  }

  #enterCell(s: number, cell: number): void {
    const [source, target] = this.#ends(s, cell);
    this.out.enter(this.sites[s].linkType, source, target, cell);
  }

  #ends(s: number, cell: number): readonly [source: number, target: number] {
    const { node } = this.sites[s];
    const satellite = this.#satelliteNodes[this.#now.satellite[cell >> 1]];
    return (cell & 1) === 0 ? [node, satellite] : [satellite, node];
  }

  #remove(pair: number): void {
    const { link } = this.#before.states;
    if (link[2 * pair] !== NOT_SELECTED) this.out.remove(link[2 * pair]);
    if (link[2 * pair + 1] !== NOT_SELECTED) this.out.remove(link[2 * pair + 1]);
  }
}
