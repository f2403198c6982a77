import { SelectionPolicy } from '@satsim/geomrf-proto';
import type { GslPolicy } from '@satsim/geomrf-proto';
import type { ActiveFaults } from '../faults/active-faults.js';
import { elevationDeg } from '../geometry/sites.js';
import type { CompiledScenario, GroundSite } from '../scenario/compiled.js';
import { Choice, FREE, HELD, KEPT, TAKEN } from './choice.js';
import { SatellitesInUse } from './satellites-in-use.js';
import type { VisibleSatellites } from './visibility.js';
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
    this.#choice = new Choice(
      Array.from(scenario.satelliteNodes, (node) => scenario.terminals[node]),
      this.#sites.length,
    );
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
  get sharers(): Int32Array {
    return this.#now.sharers;
  }

  /** @param timeMs Unix ms, later than that of the call before; `visible` and `faults` stand at this instant */
  choose(timeMs: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    [this.#now, this.#before] = [this.#before, this.#now];
    this.handovers.length = 0;
    this.#now.clear();
    this.#choice.begin(visible, this.#before);
    this.#scores.begin(timeMs, visible);
    const due = this.#schedule !== null && this.#schedule.periodOf(timeMs) !== this.#period;
    if (due) this.#reopen(timeMs, this.#schedule);
    for (let s = 0; s < this.#sites.length; s++) {
      this.#choice.open(s);
      if (due) this.#assign(s, visible, faults);
      else if (this.#schedule === null) this.#serve(s, visible, faults);
      this.#choice.close();
      this.#write(s, timeMs, visible);
    }
    this.#now.share(this.#choice.beams);
  }

  /** One site's turn, for all policies that go tick by tick. */
  #serve(s: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    const choice = this.#choice;
    this.#fill(s, visible, faults);
    for (let k = choice.keptStart[s]; k < choice.keptStart[s + 1] && !faults.none; k++) {
      const entry = choice.kept[k];
      if (this.#usable(s, visible.satellite[entry], faults)) continue;
      const best = this.#best(s, visible, faults);
      if (best < 0) return;
      choice.leave(entry, visible.satellite[entry]);
      choice.take(best, visible.satellite[best]);
    }
    while (this.#mayDisplace && choice.count > 0) {
      const best = this.#best(s, visible, faults);
      if (best < 0) return;
      const worst = this.#worst(s, visible);
      const score = this.#scores.of(s);
      if (!(score[best] > score[worst] + this.#advantage && this.#standsHigher(visible.sinElevation[best], visible.sinElevation[worst]))) return;
      choice.leave(worst, visible.satellite[worst]);
      choice.take(best, visible.satellite[best]);
    }
  }

  /** All sites are up for choice again, for the time until the next reconfiguration. */
  #reopen(timeMs: number, schedule: Schedule): void {
    const choice = this.#choice;
    this.#period = schedule.periodOf(timeMs);
    choice.reopen();
    this.#scores.lookAhead(schedule.nextAfter(timeMs), (entry) => choice.state[entry] === HELD);
  }

  /** One site's turn in a reconfiguration. */
  #assign(s: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    const choice = this.#choice;
    this.#fill(s, visible, faults);
    for (let k = choice.keptStart[s]; k < choice.keptStart[s + 1]; k++) {
      const entry = choice.kept[k];
      if (choice.state[entry] !== HELD) continue;
      // Down, and there is no other.
      if (choice.count < this.#places(s) && choice.beams.hasRoom(visible.satellite[entry])) choice.take(entry, visible.satellite[entry]);
      else choice.state[entry] = FREE;
    }
  }

  /** Gives free places to the best. */
  #fill(s: number, visible: VisibleSatellites, faults: ActiveFaults): void {
    while (this.#choice.count < this.#places(s)) {
      const best = this.#best(s, visible, faults);
      if (best < 0) return;
      this.#choice.take(best, visible.satellite[best]);
    }
  }

  #places(s: number): number {
    return this.#sites[s].maxLinks === 0 ? Infinity : this.#sites[s].maxLinks;
  }

  /** Entry of the best satellite that can be taken, −1 for none. */
  #best(s: number, visible: VisibleSatellites, faults: ActiveFaults): number {
    const { satellite, sinElevation, start } = visible;
    const score = this.#scores.of(s);
    const to = start[s + 1];
    const { beams, state } = this.#choice;
    let best = -1;
    let most = -Infinity;
    for (let j = start[s]; j < to; j++) {
      // The one test that most of them fail comes first.
      if (score[j] < most || state[j] === KEPT || state[j] === TAKEN) continue;
      if (best >= 0 && score[j] === most && sinElevation[j] <= sinElevation[best]) continue;
      if (!beams.hasRoom(satellite[j]) || !(faults.none || this.#usable(s, satellite[j], faults))) continue;
      best = j;
      most = score[j];
    }
    return best;
  }

  /** Entry of the worst satellite in use; there has to be one. */
  #worst(s: number, { sinElevation }: VisibleSatellites): number {
    const score = this.#scores.of(s);
    const { list, count } = this.#choice;
    let worst = list[0];
    for (let i = 1; i < count; i++) {
      const j = list[i];
      const tie = score[j] === score[worst] && (sinElevation[j] < sinElevation[worst] || (sinElevation[j] === sinElevation[worst] && j > worst));
      if (score[j] < score[worst] || tie) worst = j;
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

  #write(s: number, timeMs: number, { satellite }: VisibleSatellites): void {
    const { list, count, outageUntilMs, beam } = this.#choice;
    this.#handOver(s, timeMs, satellite);
    for (let i = 0; i < count; i++) this.#now.add(list[i], satellite[list[i]], outageUntilMs[list[i]], timeMs, beam[list[i]]);
    this.#now.endSite(s);
  }

  /** The satellites that a site has lost and those that it has gained, each ascending, make pairs. */
  #handOver(s: number, timeMs: number, satellite: Int32Array): void {
    const { list, count, state, outageUntilMs } = this.#choice;
    const before = this.#before;
    let [seen, gained] = [0, 0];
    for (let k = before.start[s]; k < before.start[s + 1]; k++) {
      const from = before.satellite[k];
      while (seen < count && satellite[list[seen]] < from) seen++;
      if (seen < count && satellite[list[seen]] === from) continue;
      while (gained < count && state[list[gained]] !== TAKEN) gained++;
      if (gained === count) return;
      const entry = list[gained++];
      this.handovers.push({ site: this.#sites[s], from, to: satellite[entry] });
      outageUntilMs[entry] = timeMs + this.#outageMs;
    }
  }
}
