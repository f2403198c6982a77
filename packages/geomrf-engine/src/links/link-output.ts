import type { LinkType } from '@satsim/geomrf-proto';
import { column, grown, roomy } from './columns.js';
import { EventRows } from './event-rows.js';
import type { LinkState } from './link-states.js';
import type { StreamOptions } from './stream-options.js';

/** What is looked at besides the state itself, when a stream asks for it. NaN where it does not apply. */
export interface LinkDetails {
  rangeKm: Float64Array;
  /** Of the satellite seen from the ground end, degrees. */
  elevationDeg: Float64Array;
  azimuthDeg: Float64Array;
  snrDb: Float64Array;
  marginDb: Float64Array;
}

export const EVENT_ROWS = ['passEnds', 'passStarts', 'handovers', 'modcodChanges'] as const;

/** What happened at a tick that the states of links don't tell. Nodes and MODCODs are indices. */
export interface LinkEvents {
  /** Ground node and satellite, by site and ascending satellite; as those below. */
  readonly passEnds: EventRows;
  readonly passStarts: EventRows;
  /** Ground node, satellite until now, satellite from now on; by site. */
  readonly handovers: EventRows;
  /** Number of a link that was up and is, MODCOD until now, MODCOD from now on. */
  readonly modcodChanges: EventRows;
}

function linkEvents(shared: boolean): LinkEvents {
  return {
    passEnds: new EventRows(2, shared),
    passStarts: new EventRows(2, shared),
    handovers: new EventRows(3, shared),
    modcodChanges: new EventRows(3, shared),
  };
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
  removed: Int32Array;

  enteredCount = 0;
  /** The number given; filled by LinkNumbers. */
  enteredLink: Int32Array;
  enteredSource: Int32Array;
  enteredTarget: Int32Array;
  enteredType: Uint8Array;
  /** Row of the link's first state, below. */
  enteredRow: Int32Array;
  /** Where the part that it belongs to keeps the number, in its LinkStates. */
  enteredCell: Int32Array;

  count = 0;
  link: Int32Array;
  up: Uint8Array;
  delayS: Float64Array;
  capacityBps: Float64Array;
  lossRate: Float64Array;
  readonly details: LinkDetails | null;
  /** Index into the adaptation's steps, −1 for none; null where there is none in the whole stream, or nobody asks. */
  modcod: Int32Array | null;
  /** What makes events, besides the above; null where nobody asks. */
  readonly events: LinkEvents | null;

  /** @param shared whether another thread writes or reads it */
  constructor({ details, events }: Pick<StreamOptions, 'details' | 'events'>, withModcod: boolean, shared = false) {
    const numbers = (): Float64Array => column(Float64Array, shared);
    const indices = (): Int32Array => column(Int32Array, shared);
    this.removed = indices();
    [this.enteredLink, this.enteredSource, this.enteredTarget, this.enteredRow, this.enteredCell] = [indices(), indices(), indices(), indices(), indices()];
    this.enteredType = column(Uint8Array, shared);
    this.link = indices();
    this.up = column(Uint8Array, shared);
    [this.delayS, this.capacityBps, this.lossRate] = [numbers(), numbers(), numbers()];
    this.details = details ? { rangeKm: numbers(), elevationDeg: numbers(), azimuthDeg: numbers(), snrDb: numbers(), marginDb: numbers() } : null;
    this.modcod = withModcod ? indices() : null;
    this.events = events ? linkEvents(shared) : null;
  }

  /** Begins a tick at which so many links are sent, at most. */
  begin(sent: number): void {
    this.looked = 0;
    this.removedCount = 0;
    this.enteredCount = 0;
    this.count = 0;
    if (this.events !== null) for (const name of EVENT_ROWS) this.events[name].count = 0;
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
    if (this.removedCount === this.removed.length) this.removed = grown(this.removed, this.removedCount + 64);
    this.removed[this.removedCount++] = link;
  }

  /** Announces a link; its state has to be the next one sent. */
  enter(type: LinkType, source: number, target: number, cell: number): void {
    const i = this.enteredCount++;
    if (i === this.enteredLink.length) {
      // At a stream's first tick all links enter: little steps would leave copies behind, and room that is not used costs no memory.
      const room = 2 * i + 64;
      for (const name of ['enteredLink', 'enteredSource', 'enteredTarget', 'enteredRow', 'enteredCell'] as const) this[name] = grown(this[name], room);
      this.enteredType = grown(this.enteredType, room);
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
