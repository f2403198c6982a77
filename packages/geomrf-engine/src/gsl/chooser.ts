import { SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy } from '@satsim/geomrf-proto';
import type { ActiveFaults } from '../faults/active-faults.js';
import { elevationDeg } from '../geometry/sites.js';
import type { CompiledScenario, GroundSite } from '../scenario/compiled.js';
import { Choice, FREE, HELD, KEPT, TAKEN } from './choice.js';
import { SatellitesInUse } from './satellites-in-use.js';
import type { VisibleSatellites } from './satellites-in-use.js';
import { SatelliteScores } from './satellite-scores.js';
import { Schedule } from './schedule.js';

/** A site gives up one satellite for another within one tick; a satellite that comes after a gap is no handover. */
export interface Handover {
  readonly site: GroundSite;
  readonly from: number;
  readonly to: number;
}

/** Whether what one site gets depends on others, so that all have to be looked at even if few are asked for. */
export function needsEverySite({ satelliteNodes, terminals }: Pick<CompiledScenario, 'satelliteNodes' | 'terminals'>, policy: GslPolicy): boolean {
  if (policy.selection === SelectionPolicy.ALL_VISIBLE) return false;
  return policy.selection === SelectionPolicy.LEAST_LOADED || satelliteNodes.some((node) => (terminals[node]?.beams ?? 0) > 0);
}

/**
 * Chooses, tick by tick, which of the visible satellites each site uses: as many as its terminal serves at a time, none
 * whose beams are full. It depends on the ticks before, and on nothing else: sites have their turn in order, and ties go to
 * the higher satellite, then to the lower index.
 *
 * A satellite in use stays until it sets or a better one displaces it, and free places go to the best. What is better:
 * - `max_elevation`: the higher; `max_snr`: the better signal at the terminal, which with a hysteresis also stands higher by
 *   it than the one in use. Without hysteresis any difference counts.
 * - `longest_visible`: the one that sets last; `least_loaded`: the one that fewer terminals use. A choice stands until the
 *   satellite sets; with a hysteresis one that is better in this sense displaces it as soon as it stands higher by that.
 * - `scheduled`: all sites are assigned anew at the same instants ({@link Schedule}), and at the first tick; where an instant
 *   falls between ticks, at the next one. Satellites that will still be above the mask at the next instant come first, then
 *   the higher at that time, where one in use counts as higher by the hysteresis. In between a satellite that sets is
 *   removed and nothing else changes.
 *
 * A satellite or link that a declared fault has down is not chosen. One in use is given up for any other, at once
 * (`scheduled`: at the next instant), and without another it stays chosen. A terminal that is down itself goes on as if it
 * were not: its links are down, whichever they are.
 *
 * A terminal keeps its beam while it keeps the satellite; `scheduled` deals beams anew with the satellites.
 */
export class Chooser {
  /** Of the last tick, in the order of the sites. */
  readonly handovers: Handover[] = [];

  readonly #policy: GslPolicy;
  readonly #sites: readonly GroundSite[];
  readonly #satelliteNodes: Int32Array;
  readonly #scores: SatelliteScores;
  readonly #schedule: Schedule | null;
  readonly #choice: Choice;
  readonly #mayDisplace: boolean;
  /** By which the score of another satellite must be better than that of one in use. */
  readonly #advantage: number;
  readonly #outageMs: number;
  #now: SatellitesInUse;
  #before: SatellitesInUse;
  #period = Number.NaN;

  /**
   * @param siteIndices into the scenario's sites; below, and in `visible`, a site is its place in this list
   * @param snrDb of the link down to a site, dB; asked for `max_snr` only
   */
  constructor(
    scenario: Pick<CompiledScenario, 'propagator' | 'satelliteNodes' | 'sites' | 'terminals'>,
    policy: GslPolicy,
    siteIndices: ArrayLike<number>,
    snrDb: (site: number, satellite: number, rangeKm: number, sinElevation: number) => number,
  ) {
    this.#policy = policy;
    this.#sites = Array.from(siteIndices, (index) => scenario.sites[index]);
    this.#satelliteNodes = scenario.satelliteNodes;
    this.#choice = new Choice(Array.from(scenario.satelliteNodes, (node) => scenario.terminals[node]));
    this.#scores = new SatelliteScores(scenario.propagator, policy, this.#sites, this.#choice.load, snrDb);
    this.#schedule = policy.selection === SelectionPolicy.SCHEDULED ? new Schedule(policy) : null;
    const { selection, hysteresisDeg } = policy;
    // A terminal that comes is one more.
    this.#advantage = selection === SelectionPolicy.LEAST_LOADED ? 1 : 0;
    this.#mayDisplace = selection === SelectionPolicy.MAX_ELEVATION || selection === SelectionPolicy.MAX_SNR || hysteresisDeg > 0;
    this.#outageMs = policy.handoverOutageS * 1000;
    this.#now = new SatellitesInUse(this.#sites.length);
    this.#before = new SatellitesInUse(this.#sites.length);
  }

  /** The chosen ones of site `s` are `start[s]` to `start[s + 1]`, by ascending satellite. */
  get start(): Int32Array {
    return this.#now.start;
  }

  /** By chosen one: its entry in the visible satellites. */
  get entry(): Int32Array {
    return this.#now.entry;
  }

  /** By chosen one: 1 while the outage of the handover to it lasts. */
  get inOutage(): Uint8Array {
    return this.#now.inOutage;
  }

  /** By chosen one: terminals in its beam, which share the beam's capacity; 1 or more. */
  get sharers(): Uint16Array {
    return this.#now.sharers;
  }

  /** @param timeMs Unix ms, later than that of the call before; `visible` and `faults` stand at this instant */
  choose(timeMs: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    [this.#now, this.#before] = [this.#before, this.#now];
    this.handovers.length = 0;
    this.#choice.begin(visible, this.#before);
    this.#scores.begin(timeMs, visible);
    if (this.#schedule === null) {
      for (let s = 0; s < this.#sites.length; s++) this.#serve(s, visible, faults);
    } else if (this.#schedule.periodOf(timeMs) !== this.#period) {
      this.#period = this.#schedule.periodOf(timeMs);
      this.#assign(this.#schedule.nextAfter(timeMs), visible, faults);
    }
    this.#write(timeMs, visible);
  }

  /** One site's turn, for all policies that go tick by tick. */
  #serve(s: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    const [from, to] = [visible.start[s], visible.start[s + 1]];
    const places = this.#sites[s].maxLinks === 0 ? Infinity : this.#sites[s].maxLinks;
    let used = 0;
    for (let j = from; j < to; j++) if (this.#choice.state[j] === KEPT) used++;
    for (; used < places; used++) {
      const best = this.#best(s, visible, faults);
      if (best < 0) return;
      this.#choice.take(best, visible.satellite[best]);
    }
    if (!faults.none) {
      for (let j = from; j < to; j++) {
        if (this.#choice.state[j] !== KEPT || this.#usable(s, visible.satellite[j], faults)) continue;
        const best = this.#best(s, visible, faults);
        if (best < 0) return;
        this.#choice.leave(j, visible.satellite[j]);
        this.#choice.take(best, visible.satellite[best]);
      }
    }
    while (this.#mayDisplace) {
      const best = this.#best(s, visible, faults);
      if (best < 0) return;
      const worst = this.#worst(s, visible);
      const score = this.#scores.of(s);
      if (!(score[best] > score[worst] + this.#advantage && this.#standsHigher(visible.sinElevation[best], visible.sinElevation[worst]))) return;
      this.#choice.leave(worst, visible.satellite[worst]);
      this.#choice.take(best, visible.satellite[best]);
    }
  }

  /** All sites' turn at once, for the time until the next reconfiguration. */
  #assign(nextMs: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    this.#choice.reopen();
    const { state, beams } = this.#choice;
    this.#scores.lookAhead(nextMs, (j) => state[j] === HELD);
    for (let s = 0; s < this.#sites.length; s++) {
      let places = this.#sites[s].maxLinks === 0 ? Infinity : this.#sites[s].maxLinks;
      for (; places > 0; places--) {
        const best = this.#best(s, visible, faults);
        if (best < 0) break;
        this.#choice.take(best, visible.satellite[best]);
      }
      for (let j = visible.start[s]; j < visible.start[s + 1]; j++) {
        if (state[j] !== HELD) continue;
        const stays = places > 0 && beams.hasRoom(visible.satellite[j]);
        if (stays) places--;
        if (stays) this.#choice.take(j, visible.satellite[j]);
        else state[j] = FREE;
      }
    }
  }

  /** Entry of the best satellite that can be taken, −1 for none. */
  #best(s: number, visible: VisibleSatellites, faults: ActiveFaults): number {
    const { satellite, sinElevation, start } = visible;
    const score = this.#scores.of(s);
    const to = start[s + 1];
    const { beams, state } = this.#choice;
    let best = -1;
    for (let j = start[s]; j < to; j++) {
      if (state[j] === KEPT || state[j] === TAKEN) continue;
      if (best >= 0 && (score[j] < score[best] || (score[j] === score[best] && sinElevation[j] <= sinElevation[best]))) continue;
      if (beams.hasRoom(satellite[j]) && (faults.none || this.#usable(s, satellite[j], faults))) best = j;
    }
    return best;
  }

  /** Entry of the worst satellite in use; there has to be one. */
  #worst(s: number, { sinElevation, start }: VisibleSatellites): number {
    const score = this.#scores.of(s);
    let worst = -1;
    for (let j = start[s]; j < start[s + 1]; j++) {
      if (!this.#choice.isInUse(j)) continue;
      if (worst < 0 || score[j] < score[worst] || (score[j] === score[worst] && sinElevation[j] <= sinElevation[worst])) worst = j;
    }
    return worst;
  }

  #standsHigher(sinElevation: number, than: number): boolean {
    const { hysteresisDeg } = this.#policy;
    return hysteresisDeg === 0 || (sinElevation > than && elevationDeg(sinElevation, 1) > elevationDeg(than, 1) + hysteresisDeg);
  }

  /** Whether nothing but the terminal itself is down. */
  #usable(s: number, satellite: number, faults: ActiveFaults): boolean {
    const [ground, node] = [this.#sites[s].node, this.#satelliteNodes[satellite]];
    if (faults.nodeDown[ground] === 1) return faults.nodeDown[node] === 0;
    return faults.effectOn(ground, node)?.down !== true;
  }

  #write(timeMs: number, visible: VisibleSatellites): void {
    const now = this.#now;
    const { state, outageUntilMs, beam, beams } = this.#choice;
    now.clear();
    for (let s = 0; s < this.#sites.length; s++) {
      let gained = false;
      for (let j = visible.start[s]; j < visible.start[s + 1] && !gained; j++) gained = state[j] === TAKEN;
      if (gained) this.#handOver(s, timeMs, visible);
      for (let j = visible.start[s]; j < visible.start[s + 1]; j++) {
        if (state[j] === FREE) continue;
        const satellite = visible.satellite[j];
        now.add(j, satellite, outageUntilMs[j], timeMs, beam[j], beams.sharers(satellite, beam[j]));
      }
      now.endSite(s);
    }
  }

  /** The satellites that a site has lost and those that it has gained, each ascending, make pairs. */
  #handOver(s: number, timeMs: number, { satellite, start }: VisibleSatellites): void {
    const before = this.#before;
    let j = start[s];
    for (let k = before.start[s]; k < before.start[s + 1]; k++) {
      const from = before.satellite[k];
      if (this.#uses(s, from, satellite, start)) continue;
      while (j < start[s + 1] && this.#choice.state[j] !== TAKEN) j++;
      if (j === start[s + 1]) return;
      this.handovers.push({ site: this.#sites[s], from, to: satellite[j] });
      this.#choice.outageUntilMs[j++] = timeMs + this.#outageMs;
    }
  }

  #uses(s: number, wanted: number, satellite: Int32Array, start: Int32Array): boolean {
    for (let j = start[s]; j < start[s + 1]; j++) if (satellite[j] === wanted) return this.#choice.state[j] !== FREE;
    return false;
  }
}
