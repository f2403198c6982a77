import { timestampMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, linkId } from '@satsim/core';
import type { LinkBudget, LinkId, LinkKind, LinkState, TickUpdate } from '@satsim/core';
import { LinkType } from '@satsim/geomrf-proto';
import type { LinkDeltaBatch, LinkKey, LinkUpdate } from '@satsim/geomrf-proto';

const KINDS: Readonly<Record<number, LinkKind>> = {
  [LinkType.SAT_GS]: 'gsl',
  [LinkType.SAT_UT]: 'gsl',
  [LinkType.ISL]: 'isl',
  [LinkType.TERRESTRIAL]: 'terrestrial',
};

interface KnownLink {
  readonly linkId: LinkId;
  readonly source: string;
  readonly target: string;
  readonly kind: LinkKind;
}

/**
 * Turns batches of one stream into ticks. Remembers every link's strings, so that a link costs no new ones after its
 * first tick and all ticks share them.
 */
export class TickTranslator {
  readonly #runId: string;
  /** By link type, source and target. */
  readonly #known: Map<string, Map<string, KnownLink>>[] = [];

  constructor(runId: string) {
    this.#runId = runId;
  }

  /** @throws GeomrfError when the batch says something that no link can be */
  translate(batch: LinkDeltaBatch, scenarioRef: string): TickUpdate {
    const started = performance.now();
    const { updates, removals, stats } = batch;
    const tick = {
      runId: this.#runId,
      scenarioRef,
      tickIndex: Number(batch.tickIndex),
      simTimeMs: batch.time === undefined ? NaN : timestampMs(batch.time),
      snapshot: batch.isFullSnapshot,
      removals: removals.map((key) => this.#lookup(key).linkId),
      updates: updates.map((update) => this.#link(update, batch)),
    };
    const { computeMs = 0, linksEvaluated = 0, linksEmitted = updates.length } = stats ?? {};
    return { ...tick, stats: { computeMs, linksEvaluated, linksEmitted, translateMs: performance.now() - started } };
  }

  /** @throws GeomrfError for a link type that this version does not know */
  linkId(key: LinkKey): LinkId {
    return this.#lookup(key).linkId;
  }

  #link(update: LinkUpdate, batch: LinkDeltaBatch): LinkState {
    const { oneWayDelayS, capacityBps, lossRate, key } = update;
    if (key === undefined) throw new GeomrfError('GEOMRF_INTERNAL', `tick ${batch.tickIndex}: the engine sent a link without a key`);
    const known = this.#lookup(key);
    // Comparisons with NaN are false.
    if (!(oneWayDelayS >= 0 && oneWayDelayS < Infinity && capacityBps >= 0 && capacityBps < Infinity && lossRate >= 0 && lossRate <= 1)) {
      const what = `delay ${oneWayDelayS} s, capacity ${capacityBps} bit/s, loss ${lossRate}`;
      throw new GeomrfError('GEOMRF_INTERNAL', `tick ${batch.tickIndex}: the engine sent ${known.linkId} with ${what}`, { tickIndex: Number(batch.tickIndex) });
    }
    const { linkId: id, source, target, kind } = known;
    // Rounded so that numbers stay short: to a picosecond, a bit per second and 1e-9 %, all far below any meaning.
    const oneWayDelayMs = Math.round(oneWayDelayS * 1e12) / 1e9;
    const capacityMbps = Math.round(capacityBps) / 1e6;
    const lossPct = Math.round(lossRate * 1e11) / 1e9;
    if (update.rangeM === undefined) return { linkId: id, source, target, kind, up: update.up, oneWayDelayMs, capacityMbps, lossPct };
    return { linkId: id, source, target, kind, up: update.up, oneWayDelayMs, capacityMbps, lossPct, rf: budget(update, update.rangeM) };
  }

  #lookup({ src, dst, linkType }: LinkKey): KnownLink {
    const byTarget = this.#known[linkType]?.get(src);
    const known = byTarget?.get(dst);
    if (known !== undefined) return known;
    const kind = KINDS[linkType];
    if (kind === undefined) throw new GeomrfError('GEOMRF_INTERNAL', `the engine sent a link of the unknown type ${linkType}: ${src} to ${dst}`);
    const added: KnownLink = { linkId: linkId(kind, src, dst), source: src, target: dst, kind };
    const bySource = (this.#known[linkType] ??= new Map());
    if (byTarget === undefined) bySource.set(src, new Map([[dst, added]]));
    else byTarget.set(dst, added);
    return added;
  }
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
