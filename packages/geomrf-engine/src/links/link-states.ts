import { OUTAGE } from '../rf/adaptation.js';
import type { FaultEffect } from '../faults/active-faults.js';
import { roomy } from './columns.js';
import type { LinkOutput } from './link-output.js';
import type { StreamOptions } from './stream-options.js';

/** One link as it is now; written again and again, so that no link costs an object. */
export class LinkState {
  up = 0;
  delayS = 0;
  capacityBps = 0;
  lossRate = 0;
  rangeKm = Number.NaN;
  elevationDeg = Number.NaN;
  azimuthDeg = Number.NaN;
  snrDb = Number.NaN;
  marginDb = Number.NaN;
  modcod = OUTAGE;

  /** What a declared fault makes of it. */
  suffer(effect: FaultEffect | null): void {
    if (effect === null) return;
    if (effect.down) this.up = 0;
    this.delayS += effect.extraDelayS;
    this.capacityBps = Math.min(this.capacityBps, effect.capacityBps);
    // Without one of its own the rounding would make it another loss.
    if (effect.lossRate > 0) this.lossRate = 1 - (1 - this.lossRate) * (1 - effect.lossRate);
  }
}

/** A direction that the stream did not ask for. */
export const NOT_SELECTED = -1;

/**
 * What was last sent of the links of one part, structure of arrays. A pair `p` has the links `2p` (forth) and `2p + 1`
 * (back), and one state for both, `p`, where the two directions never differ; else two, numbered as the links.
 */
export class LinkStates {
  /** The link's number, or NOT_SELECTED. */
  link = new Int32Array(0);
  delayS = new Float64Array(0);
  up = new Uint8Array(0);
  capacityBps = new Float64Array(0);
  lossRate = new Float64Array(0);
  modcod = new Int16Array(0);
  readonly #perPair: 1 | 2;
  readonly #onlyDelay: boolean;

  /** @param onlyDelay when nothing else ever changes: the columns after `delayS` stay empty */
  constructor(perPair: 1 | 2, onlyDelay: boolean) {
    this.#perPair = perPair;
    this.#onlyDelay = onlyDelay;
  }

  /** Makes room; what was there is lost. */
  reserve(pairs: number): void {
    const states = this.#perPair * pairs;
    this.link = roomy(this.link, 2 * pairs);
    this.delayS = roomy(this.delayS, states);
    if (this.#onlyDelay) return;
    this.up = roomy(this.up, states);
    this.capacityBps = roomy(this.capacityBps, states);
    this.lossRate = roomy(this.lossRate, states);
    this.modcod = roomy(this.modcod, states);
  }

  /** Takes over a state of the tick before. */
  carry(at: number, from: LinkStates, fromAt: number): void {
    this.up[at] = from.up[fromAt];
    this.delayS[at] = from.delayS[fromAt];
    this.capacityBps[at] = from.capacityBps[fromAt];
    this.lossRate[at] = from.lossRate[fromAt];
    this.modcod[at] = from.modcod[fromAt];
  }

  /** Whether a state has to be sent, because it is new or not what was last sent; it counts as sent then. */
  take(at: number, isNew: boolean, now: LinkState, { thresholds, modcods }: StreamOptions): boolean {
    const differs =
      isNew ||
      now.up !== this.up[at] ||
      Math.abs(now.delayS - this.delayS[at]) > thresholds.delayS ||
      Math.abs(now.capacityBps - this.capacityBps[at]) > thresholds.capacityBps ||
      Math.abs(now.lossRate - this.lossRate[at]) > thresholds.lossRate ||
      (modcods && now.modcod !== this.modcod[at]);
    // Sent or not: the next MODCOD is chosen from this one.
    this.modcod[at] = now.modcod;
    if (!differs) return false;
    this.up[at] = now.up;
    this.delayS[at] = now.delayS;
    this.capacityBps[at] = now.capacityBps;
    this.lossRate[at] = now.lossRate;
    return true;
  }

  /** Whether a link that is there, and is not down before or after, has another MODCOD now. To be asked before {@link take}. */
  changesModcod(at: number, now: LinkState): boolean {
    return now.modcod !== this.modcod[at] && now.up === 1 && this.up[at] === 1;
  }

  /** Gives the links that entered their numbers. */
  number({ enteredCell, enteredCount, enteredLink }: LinkOutput): void {
    for (let i = 0; i < enteredCount; i++) this.link[enteredCell[i]] = enteredLink[i];
  }
}
