import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { LinkDeltaBatch, LinkKey, LinkUpdate, ScenarioRef } from '@satsim/geomrf-proto';
import type { Adaptation } from '../rf/adaptation.js';
import type { LinkTable } from './link-table.js';

/** Where columns become messages: the only place that makes an object for a link. */
export class BatchWriter {
  readonly #table: LinkTable;
  readonly #nodeIds: readonly string[];
  readonly #ref: ScenarioRef;
  readonly #debug: { readonly adaptation: Adaptation | null } | null;
  /** Keys by slot: they outlive ticks. */
  readonly #keys: LinkKey[] = [];

  /** @param debug where MODCOD names come from, when the debug fields are asked for */
  constructor(table: LinkTable, nodeIds: readonly string[], ref: ScenarioRef, debug: { readonly adaptation: Adaptation | null } | null) {
    this.#table = table;
    this.#nodeIds = nodeIds;
    this.#ref = ref;
    this.#debug = debug;
  }

  /** @param removals, updates slots, before the table's endTick */
  batch(
    tick: { readonly index: number; readonly timeMs: number; readonly snapshot: boolean; readonly computeMs: number; readonly looked: number },
    removals: readonly number[],
    updates: readonly number[],
  ): LinkDeltaBatch {
    return {
      $typeName: 'geomrf.v1.LinkDeltaBatch',
      tickIndex: BigInt(tick.index),
      time: timestampFromMs(tick.timeMs),
      isFullSnapshot: tick.snapshot,
      removals: removals.map((slot) => this.#key(slot)),
      updates: updates.map((slot) => this.#update(slot)),
      stats: { $typeName: 'geomrf.v1.TickStats', computeMs: tick.computeMs, linksEvaluated: tick.looked, linksEmitted: updates.length },
      scenarioRef: this.#ref,
    };
  }

  #update(slot: number): LinkUpdate {
    const table = this.#table;
    const update: LinkUpdate = {
      $typeName: 'geomrf.v1.LinkUpdate',
      key: this.#key(slot),
      up: table.up[slot] === 1,
      oneWayDelayS: table.delayS[slot],
      capacityBps: table.capacityBps[slot],
      lossRate: table.lossRate[slot],
    };
    if (this.#debug === null) return update;
    update.rangeM = optional(table.rangeKm[slot] * 1000);
    update.elevationDeg = optional(table.elevationDeg[slot]);
    update.azimuthDeg = optional(table.azimuthDeg[slot]);
    update.snrDb = optional(table.snrDb[slot]);
    update.snrMarginDb = optional(table.marginDb[slot]);
    update.modcod = this.#debug.adaptation?.steps[table.modcod[slot]]?.name;
    return update;
  }

  #key(slot: number): LinkKey {
    const { source, target, type } = this.#table;
    const src = this.#nodeIds[source[slot]];
    const dst = this.#nodeIds[target[slot]];
    const known = this.#keys[slot];
    // A slot may have gone from one link to another since.
    if (known !== undefined && known.src === src && known.dst === dst && known.linkType === type[slot]) return known;
    return (this.#keys[slot] = { $typeName: 'geomrf.v1.LinkKey', src, dst, linkType: type[slot] });
  }
}

const optional = (value: number): number | undefined => (Number.isNaN(value) ? undefined : value);
