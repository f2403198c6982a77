import { LinkType } from '@satsim/geomrf-proto';
import type { IslPolicy } from '@satsim/geomrf-proto';
import type { ActiveFaults } from '../faults/active-faults.js';
import { LIGHT_KM_PER_S } from '../geometry/line-of-sight.js';
import { roomy } from '../links/columns.js';
import type { EventRows } from '../links/event-rows.js';
import { LinkOutput } from '../links/link-output.js';
import { LinkState, LinkStates, NOT_SELECTED } from '../links/link-states.js';
import type { Selection } from '../links/selector.js';
import type { StreamOptions } from '../links/stream-options.js';
import type { Positions } from '../orbit/ecef-positions.js';
import { OUTAGE } from '../rf/adaptation.js';
import type { Adaptation } from '../rf/adaptation.js';
import { LinkBudgets } from '../rf/link-budget.js';
import type { CompiledScenario } from '../scenario/compiled.js';
import { NearestNeighbours } from './nearest.js';
import { UsablePairs } from './usable-pairs.js';

/** Pairs of one tick: the link from `a[p]` to `b[p]` and the one back, whose states never differ. */
class IslPairs {
  a = new Int32Array(0);
  b = new Int32Array(0);
  count = 0;
  readonly states = new LinkStates(1, false);

  reserve(pairs: number): void {
    this.count = pairs;
    this.a = roomy(this.a, pairs);
    this.b = roomy(this.b, pairs);
    this.states.reserve(pairs);
  }
}

/**
 * Inter-satellite links. Those of a fixed pattern stay in the set and are up while the pair is usable; those that follow the
 * distances are in the set while they are chosen. A laser has a fixed capacity, or the policy's terminal at both ends.
 */
export class IslLinks {
  /** Fixed links, then changing ones. */
  readonly outputs: readonly [LinkOutput, LinkOutput];

  readonly #policy: IslPolicy;
  readonly #nodes: Int32Array;
  readonly #selection: Selection;
  readonly #options: StreamOptions;
  readonly #adaptation: Adaptation;
  readonly #budgets: LinkBudgets | null;
  readonly #usable: UsablePairs;
  readonly #nearest: NearestNeighbours | null;
  /** Nothing but the geometry ever changes, and nobody asks for details. */
  readonly #plain: boolean;
  readonly #state = new LinkState();
  readonly #fixed = new IslPairs();
  #entered = false;
  #now = new IslPairs();
  #before = new IslPairs();

  constructor(scenario: CompiledScenario, policy: IslPolicy, adaptation: Adaptation, selection: Selection, options: StreamOptions) {
    this.#policy = policy;
    this.#nodes = scenario.satelliteNodes;
    this.#selection = selection;
    this.#options = options;
    this.#adaptation = adaptation;
    this.#budgets = policy.terminal === undefined ? null : new LinkBudgets([policy.terminal]);
    this.#usable = new UsablePairs(policy, scenario.isls.planeOf);
    this.#plain = this.#budgets === null && scenario.spec.faults.length === 0 && !options.details;
    const output = (): LinkOutput => new LinkOutput(options, options.modcods && policy.terminal !== undefined);
    this.outputs = [output(), output()];
    const pairs = scenario.isls.pairs.filter(([a, b]) => this.#has(a, b) || this.#has(b, a));
    this.#fixed.reserve(pairs.length);
    pairs.forEach(([a, b], p) => this.#put(this.#fixed, p, a, b));
    const { changing } = scenario.isls;
    this.#nearest = changing === null ? null : new NearestNeighbours(changing);
  }

  /** @param positions, faults at this instant */
  update(timeMs: number, positions: Positions, faults: ActiveFaults): void {
    this.#usable.moveTo(positions);
    this.#updateFixed(positions, faults);
    this.outputs[1].begin(0);
    if (this.#nearest !== null) this.#updateChanging(this.#nearest, timeMs, positions, faults);
  }

  /** Takes over the numbers of the links that entered. */
  number(): void {
    this.#fixed.states.number(this.outputs[0]);
    this.#now.states.number(this.outputs[1]);
  }

  #updateFixed(positions: Positions, faults: ActiveFaults): void {
    const [out, pairs, areNew] = [this.outputs[0], this.#fixed, !this.#entered];
    this.#entered = true;
    out.begin(2 * pairs.count);
    out.looked = 2 * pairs.count;
    if (this.#plain && !areNew) this.#updatePlain(positions, out);
    else for (let p = 0; p < pairs.count; p++) this.#updatePair(pairs, p, areNew, positions, faults, out);
  }

  /** {@link #updatePair} of all fixed pairs, none of them new, where nothing but the geometry changes. */
  #updatePlain({ x, y, z }: Positions, out: LinkOutput): void {
    const { a, b, count, states } = this.#fixed;
    const { link, up: sentUp, delayS: sentDelayS } = states;
    const { capacityBps, processingDelayS } = this.#policy;
    const threshold = this.#options.thresholds.delayS;
    const usable = this.#usable;
    for (let p = 0; p < count; p++) {
      const i = a[p];
      const j = b[p];
      const dx = x[i] - x[j];
      const dy = y[i] - y[j];
      const dz = z[i] - z[j];
      const range2 = dx * dx + dy * dy + dz * dz;
      const up = usable.has(i, j, range2) ? 1 : 0;
      const delayS = delayOf(Math.sqrt(range2), processingDelayS);
      if (up === sentUp[p] && Math.abs(delayS - sentDelayS[p]) <= threshold) continue;
      sentUp[p] = up;
      sentDelayS[p] = delayS;
      if (link[2 * p] !== NOT_SELECTED) out.send(link[2 * p], up, delayS, capacityBps, 0);
      if (link[2 * p + 1] !== NOT_SELECTED) out.send(link[2 * p + 1], up, delayS, capacityBps, 0);
    }
  }

  #updatePair(pairs: IslPairs, p: number, isNew: boolean, { x, y, z }: Positions, faults: ActiveFaults, out: LinkOutput): void {
    const { states } = pairs;
    const a = pairs.a[p];
    const b = pairs.b[p];
    const dx = x[a] - x[b];
    const dy = y[a] - y[b];
    const dz = z[a] - z[b];
    const range2 = dx * dx + dy * dy + dz * dz;
    this.#compute(Math.sqrt(range2), this.#usable.has(a, b, range2), isNew ? null : states.modcod[p]);
    if (!faults.none) this.#state.suffer(faults.effectOn(this.#nodes[a], this.#nodes[b]));
    if (out.events !== null && !isNew && states.changesModcod(p, this.#state)) this.#changeModcod(out.events.modcodChanges, states, p);
    if (!states.take(p, isNew, this.#state, this.#options)) return;
    for (let cell = 2 * p; cell <= 2 * p + 1; cell++) {
      if (states.link[cell] === NOT_SELECTED) continue;
      if (isNew) out.enter(LinkType.ISL, this.#nodes[cell === 2 * p ? a : b], this.#nodes[cell === 2 * p ? b : a], cell);
      out.sendState(states.link[cell], this.#state);
    }
  }

  #changeModcod(changes: EventRows, { link, modcod }: LinkStates, p: number): void {
    for (let cell = 2 * p; cell <= 2 * p + 1; cell++) if (link[cell] !== NOT_SELECTED) changes.add(link[cell], modcod[p], this.#state.modcod);
  }

  /** A satellite without a position has links of range and delay 0, down. */
  #compute(rangeKm: number, isUsable: boolean, modcodBefore: number | null): void {
    const state = this.#state;
    state.rangeKm = rangeKm > 0 ? rangeKm : 0;
    state.delayS = delayOf(rangeKm, this.#policy.processingDelayS);
    state.up = isUsable ? 1 : 0;
    state.lossRate = 0;
    state.capacityBps = this.#policy.capacityBps;
    if (this.#budgets === null) return;
    const adaptation = this.#adaptation;
    const snrDb = rangeKm > 0 ? this.#budgets.snrDb(0, 0, rangeKm, Number.NaN) : -Infinity;
    const modcod = adaptation.choose(snrDb, modcodBefore);
    state.snrDb = Number.isFinite(snrDb) ? snrDb : Number.NaN;
    state.marginDb = adaptation.marginOf(state.snrDb, modcod);
    state.modcod = modcod;
    if (modcod === OUTAGE) state.up = 0;
    state.capacityBps = modcod === OUTAGE ? 0 : adaptation.steps[modcod].spectralEfficiency * this.#budgets.symbolRate[0];
    state.lossRate = modcod === OUTAGE ? 1 : adaptation.lossOf(state.marginDb);
  }

  #updateChanging(nearest: NearestNeighbours, timeMs: number, positions: Positions, faults: ActiveFaults): void {
    nearest.choose(timeMs, positions, this.#usable);
    [this.#now, this.#before] = [this.#before, this.#now];
    const [now, before, out] = [this.#now, this.#before, this.outputs[1]];
    now.reserve(nearest.count);
    out.begin(2 * nearest.count);
    out.looked = 2 * nearest.count;
    let old = 0;
    for (let p = 0; p < nearest.count; p++) {
      const a = nearest.a[p];
      const b = nearest.b[p];
      for (; old < before.count && (before.a[old] < a || (before.a[old] === a && before.b[old] < b)); old++) remove(before.states, old, out);
      const isNew = old === before.count || before.a[old] !== a || before.b[old] !== b;
      this.#put(now, p, a, b);
      if (!isNew) {
        now.states.carry(p, before.states, old);
        now.states.link[2 * p] = before.states.link[2 * old];
        now.states.link[2 * p + 1] = before.states.link[2 * old + 1];
        old++;
      }
      this.#updatePair(now, p, isNew, positions, faults, out);
    }
    for (; old < before.count; old++) remove(before.states, old, out);
  }

  #put(pairs: IslPairs, p: number, a: number, b: number): void {
    pairs.a[p] = a;
    pairs.b[p] = b;
    pairs.states.link[2 * p] = this.#has(a, b) ? 0 : NOT_SELECTED;
    pairs.states.link[2 * p + 1] = this.#has(b, a) ? 0 : NOT_SELECTED;
  }

  #has(a: number, b: number): boolean {
    return this.#selection.has(LinkType.ISL, this.#nodes[a], this.#nodes[b]);
  }
}

/** A satellite without a position (NaN) has links of delay 0. */
function delayOf(rangeKm: number, processingDelayS: number): number {
  return (rangeKm > 0 ? rangeKm : 0) / LIGHT_KM_PER_S + processingDelayS;
}

function remove({ link }: LinkStates, pair: number, out: LinkOutput): void {
  for (const cell of [2 * pair, 2 * pair + 1]) if (link[cell] !== NOT_SELECTED) out.remove(link[cell]);
}
