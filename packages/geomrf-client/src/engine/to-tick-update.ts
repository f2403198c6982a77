import { timestampMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, columnTick } from '@satsim/core';
import type { LinkBudget, LinkId, LinkIdentity, LinkState, TickUpdate } from '@satsim/core';
import type { LinkColumns, LinkDeltaBatch, LinkKey, LinkUpdate } from '@satsim/geomrf-proto';
import { columnBudgets } from './column-budgets.js';
import { ColumnReader } from './column-reader.js';
import { identify, isSound, toCapacityMbps, toDelayMs, toLossPct, unsound } from './link-values.js';

type Head = Omit<TickUpdate, 'removals' | 'updates' | 'columns' | 'stats'>;

/**
 * Turns batches of one run into ticks. Remembers every link's strings, so that a link costs no new ones after its
 * first tick and all ticks share them.
 */
export class TickTranslator {
  readonly #runId: string;
  /** By link type, source and target. */
  readonly #known: Map<string, Map<string, LinkIdentity>>[] = [];
  readonly #columns = new ColumnReader();

  constructor(runId: string) {
    this.#runId = runId;
  }

  /**
   * Batches have to come in the order of a stream, each once; a snapshot starts anew.
   *
   * @throws GeomrfError when the batch says something that no link can be
   */
  translate(batch: LinkDeltaBatch, scenarioRef: string): TickUpdate {
    const head: Head = {
      runId: this.#runId,
      scenarioRef,
      tickIndex: Number(batch.tickIndex),
      simTimeMs: batch.time === undefined ? NaN : timestampMs(batch.time),
      snapshot: batch.isFullSnapshot,
    };
    return batch.columns === undefined ? this.#ofMessages(batch, head) : this.#ofColumns(batch.columns, batch, head);
  }

  /** @throws GeomrfError for a link type that this version does not know */
  linkId(key: LinkKey): LinkId {
    return this.#lookup(key).linkId;
  }

  #ofColumns(wire: LinkColumns, batch: LinkDeltaBatch, head: Head): TickUpdate {
    const started = performance.now();
    const columns = this.#columns.read(wire, head.tickIndex, head.snapshot);
    const tick = columnTick({ ...head, stats: statsOf(batch, columns.link.length, started) }, columns);
    const budgets = columnBudgets(wire, this.#columns.modcods, head.tickIndex);
    // A tick's columns have no place for budgets; the copy is without them.
    return budgets === null ? tick : { ...tick, updates: tick.updates.map((link, row) => withBudget(link, budgets[row])) };
  }

  #ofMessages(batch: LinkDeltaBatch, head: Head): TickUpdate {
    const started = performance.now();
    const removals = batch.removals.map((key) => this.#lookup(key).linkId);
    const updates = batch.updates.map((update) => this.#link(update, head.tickIndex));
    return { ...head, removals, updates, stats: statsOf(batch, updates.length, started) };
  }

  #link(update: LinkUpdate, tickIndex: number): LinkState {
    const { oneWayDelayS, capacityBps, lossRate, up, key } = update;
    if (key === undefined) throw new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex}: the engine sent a link without a key`);
    const known = this.#lookup(key);
    if (!isSound(oneWayDelayS, capacityBps, lossRate)) throw unsound(tickIndex, known, oneWayDelayS, capacityBps, lossRate);
    const { linkId, source, target, kind } = known;
    const oneWayDelayMs = toDelayMs(oneWayDelayS);
    const capacityMbps = toCapacityMbps(capacityBps);
    const lossPct = toLossPct(lossRate);
    const link = { linkId, source, target, kind, up, oneWayDelayMs, capacityMbps, lossPct };
    return withBudget(link, update.rangeM === undefined ? undefined : budget(update, update.rangeM));
  }

  #lookup({ src, dst, linkType }: LinkKey): LinkIdentity {
    const byTarget = this.#known[linkType]?.get(src);
    const known = byTarget?.get(dst);
    if (known !== undefined) return known;
    const added = identify(linkType, src, dst);
    const bySource = (this.#known[linkType] ??= new Map());
    if (byTarget === undefined) bySource.set(src, new Map([[dst, added]]));
    else byTarget.set(dst, added);
    return added;
  }
}

function statsOf({ stats }: LinkDeltaBatch, links: number, started: number): TickUpdate['stats'] {
  const { computeMs = 0, linksEvaluated = 0, linksEmitted = links } = stats ?? {};
  return { computeMs, linksEvaluated, linksEmitted, translateMs: performance.now() - started };
}

function withBudget(link: LinkState, rf: LinkBudget | undefined): LinkState {
  return rf === undefined ? link : { ...link, rf };
}

function budget(update: LinkUpdate, rangeM: number): LinkBudget {
  return {
    elevationDeg: update.elevationDeg ?? null,
    azimuthDeg: update.azimuthDeg ?? null,
    slantRangeKm: rangeM / 1e3,
    snrDb: update.snrDb ?? null,
    marginDb: update.snrMarginDb ?? null,
    modcod: update.modcod ?? null,
  };
}
