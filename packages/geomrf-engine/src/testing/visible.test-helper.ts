import { ActiveFaults } from '../faults/active-faults.js';
import { GroundSites } from '../geometry/sites.js';
import { Chooser } from '../gsl/chooser.js';
import type { Handover } from '../gsl/chooser.js';
import type { VisibleSatellites } from '../gsl/visibility.js';
import { gmst, temeToEcef } from '../orbit/frames.js';
import { newStateVectors } from '../orbit/propagator.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { instantOfMs } from '../time.js';

/** Every pair above the mask, by looking at every pair. */
export function visibleAt(scenario: CompiledScenario, timeMs: number, order: readonly number[]): VisibleSatellites {
  const sites = new GroundSites(scenario.sites);
  sites.moveTo(timeMs);
  const states = newStateVectors(scenario.propagator.size, false);
  scenario.propagator.propagate(instantOfMs(timeMs), states);
  temeToEcef(states, gmst(instantOfMs(timeMs)));
  const found: { satellite: number; rangeKm: number; sinElevation: number }[] = [];
  const start = [0];
  for (const site of order) {
    for (let satellite = 0; satellite < states.x.length; satellite++) {
      const [x, y, z] = [states.x[satellite], states.y[satellite], states.z[satellite]];
      const sinElevation = sites.sinElevation(site, x, y, z);
      if (!sites.aboveMask(site, sinElevation, x, y, z)) continue;
      found.push({ satellite, sinElevation, rangeKm: Math.hypot(x - sites.x[site], y - sites.y[site], z - sites.z[site]) });
    }
    start.push(found.length);
  }
  return {
    start: Int32Array.from(start),
    satellite: Int32Array.from(found, (each) => each.satellite),
    rangeKm: Float64Array.from(found, (each) => each.rangeKm),
    sinElevation: Float64Array.from(found, (each) => each.sinElevation),
  };
}

export interface Chosen {
  readonly satellite: number;
  readonly elevationDeg: number;
  readonly inOutage: boolean;
  readonly sharers: number;
}

export interface ChooserTick {
  readonly timeMs: number;
  readonly faults: ActiveFaults;
  /** By site of the scenario: what it sees, and what it uses, ascending. */
  readonly visible: readonly ReadonlyMap<number, number>[];
  readonly chosen: readonly (readonly Chosen[])[];
  readonly handovers: readonly Handover[];
}

/** Lives through ticks with all sites, taken in an order. Everything in the result is by site of the scenario. */
export function chooseOver(scenario: CompiledScenario, times: readonly number[], order: readonly number[] = scenario.sites.map((_, s) => s)): ChooserTick[] {
  const chooser = new Chooser(scenario, scenario.spec.gsl!, order, (_site, _satellite, rangeKm) => -20 * Math.log10(rangeKm));
  return times.map((timeMs) => {
    const faults = new ActiveFaults(scenario);
    faults.moveTo(timeMs);
    const seen = visibleAt(scenario, timeMs, order);
    chooser.choose(timeMs, seen, faults);
    const degrees = (j: number): number => (Math.asin(seen.sinElevation[j]) * 180) / Math.PI;
    const visible = scenario.sites.map(() => new Map<number, number>());
    const chosen = scenario.sites.map((): Chosen[] => []);
    order.forEach((site, s) => {
      for (let j = seen.start[s]; j < seen.start[s + 1]; j++) visible[site].set(seen.satellite[j], degrees(j));
      for (let i = chooser.start[s]; i < chooser.start[s + 1]; i++) {
        const j = chooser.entry[i];
        if (j < seen.start[s] || j >= seen.start[s + 1]) throw new Error(`entry ${j} is not of site ${s}`);
        chosen[site].push({ satellite: seen.satellite[j], elevationDeg: degrees(j), inOutage: chooser.inOutage[i] === 1, sharers: chooser.sharers[i] });
      }
    });
    return { timeMs, faults, visible, chosen, handovers: [...chooser.handovers] };
  });
}
