import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { EngineEvent, LinkColumns, LinkDeltaBatch, LinkKey, LinkUpdate, ScenarioRef } from '@satsim/geomrf-proto';
import { OUTAGE } from '../rf/adaptation.js';
import type { ModcodStep } from '../rf/dvb-s2x.js';
import type { LinkDetails, LinkOutput } from './link-output.js';

export interface BatchHead {
  readonly index: number;
  readonly timeMs: number;
  readonly snapshot: boolean;
  readonly computeMs: number;
  readonly events: readonly EngineEvent[];
}

/** Writes what a tick's outputs say as a message of the contract: link by link, or in columns. */
export interface BatchWriter {
  batch(head: BatchHead, outputs: readonly LinkOutput[]): LinkDeltaBatch;
  /** Takes note of a tick that is not sent. */
  skip(outputs: readonly LinkOutput[]): void;
}

/** The only place that makes an object for a link. */
export class MessageWriter implements BatchWriter {
  readonly #ref: ScenarioRef;
  readonly #nodeIds: readonly string[];
  readonly #modcods: readonly ModcodStep[];
  /** By the link's number. */
  readonly #keys: LinkKey[] = [];

  constructor(ref: ScenarioRef, nodeIds: readonly string[], modcods: readonly ModcodStep[]) {
    this.#ref = ref;
    this.#nodeIds = nodeIds;
    this.#modcods = modcods;
  }

  batch(head: BatchHead, outputs: readonly LinkOutput[]): LinkDeltaBatch {
    const removals = outputs.flatMap(({ removed, removedCount }) => Array.from(removed.subarray(0, removedCount), (link) => this.#keys[link]));
    this.skip(outputs);
    const updates: LinkUpdate[] = [];
    for (const output of outputs) for (let row = 0; row < output.count; row++) updates.push(this.#update(output, row));
    return { ...headOf(head, this.#ref, outputs), removals, updates };
  }

  skip(outputs: readonly LinkOutput[]): void {
    for (const { enteredCount, enteredLink, enteredSource, enteredTarget, enteredType } of outputs) {
      for (let i = 0; i < enteredCount; i++) {
        this.#keys[enteredLink[i]] = {
          $typeName: 'geomrf.v1.LinkKey',
          src: this.#nodeIds[enteredSource[i]],
          dst: this.#nodeIds[enteredTarget[i]],
          linkType: enteredType[i],
        };
      }
    }
  }

  #update({ link, up, delayS, capacityBps, lossRate, details, modcod }: LinkOutput, row: number): LinkUpdate {
    const update: LinkUpdate = {
      $typeName: 'geomrf.v1.LinkUpdate',
      key: this.#keys[link[row]],
      up: up[row] === 1,
      oneWayDelayS: delayS[row],
      capacityBps: capacityBps[row],
      lossRate: lossRate[row],
    };
    if (details === null) return update;
    update.rangeM = optional(details.rangeKm[row] * 1000);
    update.elevationDeg = optional(details.elevationDeg[row]);
    update.azimuthDeg = optional(details.azimuthDeg[row]);
    update.snrDb = optional(details.snrDb[row]);
    update.snrMarginDb = optional(details.marginDb[row]);
    if (modcod !== null) update.modcod = this.#modcods[modcod[row]]?.name;
    return update;
  }
}

/** Copies columns: nothing is done link by link. Node ids and MODCODs go with the first batch. */
export class ColumnWriter implements BatchWriter {
  readonly #ref: ScenarioRef;
  readonly #debug: boolean;
  #names: Pick<LinkColumns, 'nodeIds' | 'modcods'>;

  constructor(ref: ScenarioRef, nodeIds: readonly string[], modcods: readonly ModcodStep[], debug: boolean) {
    this.#ref = ref;
    this.#debug = debug;
    this.#names = { nodeIds: [...nodeIds], modcods: modcods.map(({ name }) => name) };
  }

  batch(head: BatchHead, outputs: readonly LinkOutput[]): LinkDeltaBatch {
    const entered = (column: (output: LinkOutput) => Uint8Array | Int32Array): Uint8Array =>
      joined(outputs, (output) => column(output).subarray(0, output.enteredCount));
    const rows = (column: (output: LinkOutput) => Uint8Array | Int32Array | Float64Array): Uint8Array =>
      joined(outputs, (output) => column(output).subarray(0, output.count));
    const detail = (column: (details: LinkDetails) => Float64Array, scale?: number): Uint8Array =>
      !this.#debug
        ? NOTHING
        : rows(({ details, count }) =>
            scale === undefined
              ? column(details!)
              : column(details!)
                  .subarray(0, count)
                  .map((each) => each * scale),
          );
    const columns: LinkColumns = {
      $typeName: 'geomrf.v1.LinkColumns',
      ...this.#names,
      removed: joined(outputs, ({ removed, removedCount }) => removed.subarray(0, removedCount)),
      entered: entered((output) => output.enteredLink),
      enteredSource: entered((output) => output.enteredSource),
      enteredTarget: entered((output) => output.enteredTarget),
      enteredType: entered((output) => output.enteredType),
      link: rows((output) => output.link),
      up: rows((output) => output.up),
      oneWayDelayS: rows((output) => output.delayS),
      capacityBps: rows((output) => output.capacityBps),
      lossRate: rows((output) => output.lossRate),
      rangeM: detail(({ rangeKm }) => rangeKm, 1000),
      elevationDeg: detail(({ elevationDeg }) => elevationDeg),
      azimuthDeg: detail(({ azimuthDeg }) => azimuthDeg),
      snrDb: detail(({ snrDb }) => snrDb),
      snrMarginDb: detail(({ marginDb }) => marginDb),
      modcod: this.#debug ? rows(({ count, modcod }) => modcod ?? new Int32Array(count).fill(OUTAGE)) : NOTHING,
    };
    this.#names = { nodeIds: [], modcods: [] };
    return { ...headOf(head, this.#ref, outputs), removals: [], updates: [], columns };
  }

  skip(): void {
    // Numbers stand for themselves.
  }
}

const NOTHING = new Uint8Array(0);

/** Bytes of all parts, little-endian as the machine is (Node.js runs on no other). */
function joined(outputs: readonly LinkOutput[], part: (output: LinkOutput) => Uint8Array | Int32Array | Float64Array): Uint8Array {
  const parts = outputs.map(part);
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const each of parts) {
    bytes.set(new Uint8Array(each.buffer, each.byteOffset, each.byteLength), offset);
    offset += each.byteLength;
  }
  return bytes;
}

function headOf({ index, timeMs, snapshot, computeMs, events }: BatchHead, ref: ScenarioRef, outputs: readonly LinkOutput[]) {
  const sum = (value: (output: LinkOutput) => number): number => outputs.reduce((total, output) => total + value(output), 0);
  return {
    $typeName: 'geomrf.v1.LinkDeltaBatch' as const,
    tickIndex: BigInt(index),
    time: timestampFromMs(timeMs),
    isFullSnapshot: snapshot,
    stats: { $typeName: 'geomrf.v1.TickStats' as const, computeMs, linksEvaluated: sum(({ looked }) => looked), linksEmitted: sum(({ count }) => count) },
    scenarioRef: ref,
    events: [...events],
    eventsContinue: false,
  };
}

const optional = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
