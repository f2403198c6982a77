import { LinkType } from '@satsim/geomrf-proto';
import type { LinkSelector } from '@satsim/geomrf-proto';
import { GslLinks } from '../gsl/gsl-links.js';
import { IslLinks } from '../isl/isl-links.js';
import { gmst, temeToEcef } from '../orbit/frames.js';
import { newStateVectors } from '../orbit/propagator.js';
import type { StateVectors } from '../orbit/propagator.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { instantOfMs } from '../time.js';
import { LinkTable } from './link-table.js';
import { Selection } from './selector.js';

/**
 * The network of one stream: moves to one tick after the other and holds the selected links of the present one. What
 * depends on history (choices with hysteresis, MODCODs) begins at the stream's first tick.
 */
export class LinkModel {
  readonly table: LinkTable;
  readonly gsl: GslLinks | null;
  readonly #scenario: CompiledScenario;
  readonly #selection: Selection;
  readonly #isl: IslLinks;
  readonly #states: StateVectors;

  constructor(scenario: CompiledScenario, selector: LinkSelector) {
    this.#scenario = scenario;
    this.#selection = new Selection(selector, scenario.indexOf);
    this.table = new LinkTable(scenario.nodeIds.length);
    this.#isl = new IslLinks(scenario, this.#selection);
    this.gsl = scenario.spec.gsl === undefined ? null : new GslLinks(scenario, scenario.spec.gsl, this.#selection);
    this.#states = newStateVectors(scenario.propagator.size, false);
  }

  /** @returns number of directed links looked at, selected or not */
  moveTo(timeMs: number): number {
    const at = instantOfMs(timeMs);
    this.#scenario.propagator.propagate(at, this.#states);
    temeToEcef(this.#states, gmst(at));
    this.table.beginTick();
    const looked = this.#isl.update(this.#states, this.table) + (this.gsl?.update(timeMs, this.#states, this.table) ?? 0) + this.#terrestrial();
    this.table.settle();
    return looked;
  }

  /** Configured, constant, always up, in both directions. */
  #terrestrial(): number {
    const { indexOf, spec } = this.#scenario;
    for (const link of spec.terrestrial) {
      const [a, b] = [indexOf.get(link.a)!, indexOf.get(link.b)!];
      for (const [source, target] of [
        [a, b],
        [b, a],
      ]) {
        if (!this.#selection.has(LinkType.TERRESTRIAL, source, target)) continue;
        const slot = this.table.enter(LinkType.TERRESTRIAL, source, target);
        this.table.up[slot] = 1;
        this.table.delayS[slot] = link.oneWayDelayS;
        this.table.capacityBps[slot] = link.capacityBps;
        this.table.lossRate[slot] = link.lossRate;
        for (const column of [this.table.rangeKm, this.table.elevationDeg, this.table.azimuthDeg, this.table.snrDb, this.table.marginDb])
          column[slot] = Number.NaN;
        this.table.modcod[slot] = -1;
      }
    }
    return 2 * spec.terrestrial.length;
  }
}
