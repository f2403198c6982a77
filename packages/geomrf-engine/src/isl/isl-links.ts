import { LinkType } from '@satsim/geomrf-proto';
import { LIGHT_KM_PER_S, LineOfSight } from '../geometry/line-of-sight.js';
import type { LinkTable } from '../links/link-table.js';
import type { Selection } from '../links/selector.js';
import type { StateVectors } from '../orbit/propagator.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { NearestNeighbours } from './nearest.js';

const NO_SLOT = -1;

/**
 * Inter-satellite links. Those of a fixed pattern stay in the set and are up while both ends have a position, the range
 * allows it, the Earth does not stand between and, for links between planes, neither end is beyond the polar cut-off
 * (geocentric latitude). Links that follow the distances are in the set while they are chosen.
 */
export class IslLinks {
  readonly #scenario: CompiledScenario;
  readonly #selection: Selection;
  readonly #sight: LineOfSight;
  readonly #maxRangeKm: number;
  readonly #sinCutoff: number;
  readonly #nearest: NearestNeighbours | null;
  /** Fixed pattern: pairs with a selected direction. */
  readonly #a: Int32Array;
  readonly #b: Int32Array;
  readonly #forth: Int32Array;
  readonly #back: Int32Array;
  #entered = false;

  constructor(scenario: CompiledScenario, selection: Selection) {
    this.#scenario = scenario;
    this.#selection = selection;
    const { isl } = scenario.spec;
    this.#sight = new LineOfSight((isl?.minAltitudeM ?? 0) / 1000);
    this.#maxRangeKm = isl === undefined || isl.maxRangeM === 0 ? Infinity : isl.maxRangeM / 1000;
    this.#sinCutoff = isl?.polarCutoffLatDeg === undefined ? Infinity : Math.sin((isl.polarCutoffLatDeg * Math.PI) / 180);
    const { changing } = scenario.isls;
    this.#nearest = changing === null ? null : new NearestNeighbours(changing.room);
    const pairs = scenario.isls.pairs.filter(([a, b]) => this.#has(a, b) || this.#has(b, a));
    this.#a = Int32Array.from(pairs, ([a]) => a);
    this.#b = Int32Array.from(pairs, ([, b]) => b);
    this.#forth = new Int32Array(pairs.length).fill(NO_SLOT);
    this.#back = new Int32Array(pairs.length).fill(NO_SLOT);
  }

  /** @returns number of directed links looked at */
  update(states: StateVectors, table: LinkTable): number {
    if (!this.#entered) this.#enterAll(table);
    for (let i = 0; i < this.#a.length; i++) {
      const [a, b] = [this.#a[i], this.#b[i]];
      const rangeKm = rangeOf(states, a, b);
      const up = this.#usable(states, a, b, rangeKm) ? 1 : 0;
      if (this.#forth[i] !== NO_SLOT) {
        table.stay(this.#forth[i]);
        this.#write(table, this.#forth[i], up, rangeKm);
      }
      if (this.#back[i] !== NO_SLOT) {
        table.stay(this.#back[i]);
        this.#write(table, this.#back[i], up, rangeKm);
      }
    }
    return 2 * this.#a.length + (this.#nearest === null ? 0 : this.#updateNearest(states, table, this.#nearest));
  }

  #enterAll(table: LinkTable): void {
    const nodes = this.#scenario.satelliteNodes;
    for (let i = 0; i < this.#a.length; i++) {
      const [a, b] = [this.#a[i], this.#b[i]];
      if (this.#has(a, b)) this.#forth[i] = this.#enter(table, nodes[a], nodes[b]);
      if (this.#has(b, a)) this.#back[i] = this.#enter(table, nodes[b], nodes[a]);
    }
    this.#entered = true;
  }

  #updateNearest(states: StateVectors, table: LinkTable, nearest: NearestNeighbours): number {
    const nodes = this.#scenario.satelliteNodes;
    const { groupOf } = this.#scenario.isls.changing!;
    const usable = (a: number, b: number): boolean => (groupOf[a] < 0 || groupOf[a] !== groupOf[b]) && this.#usable(states, a, b, rangeOf(states, a, b));
    const chosen = nearest.choose(states.x, states.y, states.z, usable);
    for (const [a, b] of chosen) {
      const rangeKm = rangeOf(states, a, b);
      if (this.#has(a, b)) this.#write(table, this.#enter(table, nodes[a], nodes[b]), 1, rangeKm);
      if (this.#has(b, a)) this.#write(table, this.#enter(table, nodes[b], nodes[a]), 1, rangeKm);
    }
    return 2 * chosen.length;
  }

  #enter(table: LinkTable, source: number, target: number): number {
    const slot = table.enter(LinkType.ISL, source, target);
    table.elevationDeg[slot] = Number.NaN;
    table.azimuthDeg[slot] = Number.NaN;
    table.snrDb[slot] = Number.NaN;
    table.marginDb[slot] = Number.NaN;
    table.modcod[slot] = -1;
    table.capacityBps[slot] = this.#scenario.spec.isl!.capacityBps;
    table.lossRate[slot] = 0;
    return slot;
  }

  /** A satellite without a position has links of range and delay 0, down. */
  #write(table: LinkTable, slot: number, up: number, rangeKm: number): void {
    const known = rangeKm > 0;
    table.up[slot] = up;
    table.rangeKm[slot] = known ? rangeKm : 0;
    table.delayS[slot] = (known ? rangeKm / LIGHT_KM_PER_S : 0) + this.#scenario.spec.isl!.processingDelayS;
  }

  #usable({ x, y, z }: StateVectors, a: number, b: number, rangeKm: number): boolean {
    // Written so that NaN, the place of a satellite that has none, fails.
    if (!(rangeKm <= this.#maxRangeKm) || !this.#sight.clear(x[a], y[a], z[a], x[b], y[b], z[b])) return false;
    const { planeOf } = this.#scenario.isls;
    if (this.#sinCutoff === Infinity || (planeOf[a] === planeOf[b] && planeOf[a] >= 0)) return true;
    const sinLatitude = (i: number): number => Math.abs(z[i]) / Math.hypot(x[i], y[i], z[i]);
    return sinLatitude(a) <= this.#sinCutoff && sinLatitude(b) <= this.#sinCutoff;
  }

  #has(a: number, b: number): boolean {
    const nodes = this.#scenario.satelliteNodes;
    return this.#selection.has(LinkType.ISL, nodes[a], nodes[b]);
  }
}

function rangeOf({ x, y, z }: StateVectors, a: number, b: number): number {
  const [dx, dy, dz] = [x[a] - x[b], y[a] - y[b], z[a] - z[b]];
  return Math.sqrt(dx * dx + dy * dy + dz * dz);
}
