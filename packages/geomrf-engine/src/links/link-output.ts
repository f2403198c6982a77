import type { LinkType } from '@satsim/geomrf-proto';
import { grown, roomy } from './columns.js';
import type { LinkState } from './link-states.js';

/** What is looked at besides the state itself, when a stream asks for it. NaN where it does not apply. */
export interface LinkDetails {
  rangeKm: Float64Array;
  /** Of the satellite seen from the ground end, degrees. */
  elevationDeg: Float64Array;
  azimuthDeg: Float64Array;
  snrDb: Float64Array;
  marginDb: Float64Array;
}

/**
 * What one part of the network has to say at a tick, structure of arrays: links that left, links that entered, links whose
 * state is sent. Links have numbers, which those that enter get only when all parts are done (see {@link LinkNumbers}).
 * Arrays are written again at the next tick.
 */
export class LinkOutput {
  /** Links looked at, sent or not. */
  looked = 0;

  removedCount = 0;
  removed = new Int32Array(0);

  enteredCount = 0;
  /** The number given; filled by LinkNumbers. */
  enteredLink = new Int32Array(0);
  enteredSource = new Int32Array(0);
  enteredTarget = new Int32Array(0);
  enteredType = new Uint8Array(0);
  /** Row of the link's first state, below. */
  enteredRow = new Int32Array(0);
  /** Where the part that it belongs to keeps the number, in its LinkStates. */
  enteredCell = new Int32Array(0);

  count = 0;
  link = new Int32Array(0);
  up = new Uint8Array(0);
  delayS = new Float64Array(0);
  capacityBps = new Float64Array(0);
  lossRate = new Float64Array(0);
  readonly details: LinkDetails | null;
  /** Index into the adaptation's steps, −1 for none; null where there is none in the whole stream, or nobody asks. */
  modcod: Int32Array | null;

  constructor(withDetails: boolean, withModcod: boolean) {
    const column = (): Float64Array => new Float64Array(0);
    this.details = withDetails ? { rangeKm: column(), elevationDeg: column(), azimuthDeg: column(), snrDb: column(), marginDb: column() } : null;
    this.modcod = withModcod ? new Int32Array(0) : null;
  }

  /** Begins a tick in which at most so many links leave, and at most so many are sent. */
  begin(removed: number, sent: number): void {
    this.looked = 0;
    this.removedCount = 0;
    this.enteredCount = 0;
    this.count = 0;
    this.removed = roomy(this.removed, removed);
    if (this.link.length >= sent) return;
    this.link = roomy(this.link, sent);
    this.up = roomy(this.up, sent);
    this.delayS = roomy(this.delayS, sent);
    this.capacityBps = roomy(this.capacityBps, sent);
    this.lossRate = roomy(this.lossRate, sent);
    if (this.modcod !== null) this.modcod = roomy(this.modcod, sent);
    if (this.details === null) return;
    for (const name of ['rangeKm', 'elevationDeg', 'azimuthDeg', 'snrDb', 'marginDb'] as const) this.details[name] = roomy(this.details[name], sent);
  }

  remove(link: number): void {
    this.removed[this.removedCount++] = link;
  }

  /** Announces a link; its state has to be the next one sent. */
  enter(type: LinkType, source: number, target: number, cell: number): void {
    const i = this.enteredCount++;
    if (i === this.enteredLink.length) {
      for (const name of ['enteredLink', 'enteredSource', 'enteredTarget', 'enteredRow', 'enteredCell'] as const) this[name] = grown(this[name], i + 64);
      this.enteredType = grown(this.enteredType, i + 64);
    }
    this.enteredSource[i] = source;
    this.enteredTarget[i] = target;
    this.enteredType[i] = type;
    this.enteredRow[i] = this.count;
    this.enteredCell[i] = cell;
  }

  send(link: number, up: number, delayS: number, capacityBps: number, lossRate: number): void {
    const row = this.count++;
    this.link[row] = link;
    this.up[row] = up;
    this.delayS[row] = delayS;
    this.capacityBps[row] = capacityBps;
    this.lossRate[row] = lossRate;
  }

  /** {@link send}, with MODCOD and details if they are asked for. */
  sendState(link: number, state: LinkState): void {
    this.send(link, state.up, state.delayS, state.capacityBps, state.lossRate);
    const { details, modcod } = this;
    const row = this.count - 1;
    if (modcod !== null) modcod[row] = state.modcod;
    if (details === null) return;
    details.rangeKm[row] = state.rangeKm;
    details.elevationDeg[row] = state.elevationDeg;
    details.azimuthDeg[row] = state.azimuthDeg;
    details.snrDb[row] = state.snrDb;
    details.marginDb[row] = state.marginDb;
  }
}
