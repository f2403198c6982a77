import type { LinkSelector } from '@satsim/geomrf-proto';
import { LinkNetwork } from '../links/link-network.js';
import { LinkState } from '../links/link-states.js';
import type { StreamOptions } from '../links/stream-options.js';
import type { CompiledScenario } from '../scenario/compiled.js';

const EVERY_CHANGE = { delayS: 0, capacityBps: 0, lossRate: 0 };

/** A link as a reader of the stream knows it. */
export interface FoldedLink extends LinkState {
  /** `type source target` */
  readonly key: string;
  readonly type: number;
  readonly source: number;
  readonly target: number;
}

/** A network and what a reader makes of its deltas: all links as last sent, by key. */
export class FoldedLinks {
  readonly network: LinkNetwork;
  readonly links = new Map<string, FoldedLink>();
  /** Of the last tick, in the order in which they came. */
  removed: string[] = [];
  entered: string[] = [];
  updated: string[] = [];
  readonly #keys: string[] = [];

  constructor(scenario: CompiledScenario, selector: LinkSelector, options: Partial<StreamOptions> = {}) {
    this.network = new LinkNetwork(scenario, selector, { dtMs: 1000, thresholds: EVERY_CHANGE, modcods: true, details: true, events: true, ...options });
  }

  get gsl(): NonNullable<LinkNetwork['gsl']> {
    return this.network.gsl!;
  }

  /** All links in the set, by type, source and target. */
  get rows(): FoldedLink[] {
    return [...this.links.values()].sort((p, q) => p.type - q.type || p.source - q.source || p.target - q.target);
  }

  moveTo(timeMs: number): void {
    this.network.moveTo(timeMs);
    const { outputs } = this.network;
    [this.removed, this.entered, this.updated] = [[], [], []];
    for (const { removed, removedCount } of outputs) {
      for (const link of removed.subarray(0, removedCount)) {
        this.removed.push(this.#keys[link]);
        if (!this.links.delete(this.#keys[link])) throw new Error(`link ${link} left, and was not there`);
        this.#keys[link] = '';
      }
    }
    for (const { enteredCount, enteredLink, enteredSource, enteredTarget, enteredType } of outputs) {
      for (let i = 0; i < enteredCount; i++) {
        const [type, source, target] = [enteredType[i], enteredSource[i], enteredTarget[i]];
        const key = `${type} ${source} ${target}`;
        if (this.links.has(key)) throw new Error(`${key} entered, and was there already`);
        if ((this.#keys[enteredLink[i]] ?? '') !== '') throw new Error(`${key} has the number of ${this.#keys[enteredLink[i]]}`);
        this.#keys[enteredLink[i]] = key;
        this.entered.push(key);
        this.links.set(key, Object.assign(new LinkState(), { key, type, source, target }));
      }
    }
    for (const { count, link, up, delayS, capacityBps, lossRate, details, modcod } of outputs) {
      for (let row = 0; row < count; row++) {
        const state = this.links.get(this.#keys[link[row]])!;
        this.updated.push(state.key);
        Object.assign(state, { up: up[row], delayS: delayS[row], capacityBps: capacityBps[row], lossRate: lossRate[row] });
        if (modcod !== null) state.modcod = modcod[row];
        if (details === null) continue;
        for (const name of ['rangeKm', 'elevationDeg', 'azimuthDeg', 'snrDb', 'marginDb'] as const) state[name] = details[name][row];
      }
    }
  }
}
