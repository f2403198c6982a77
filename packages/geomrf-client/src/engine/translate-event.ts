import { TimebaseError } from '@satsim/core';
import type { EngineEvent, EngineEventType } from '@satsim/core';
import { EventType } from '@satsim/geomrf-proto';
import type { EngineEvent as WireEvent } from '@satsim/geomrf-proto';
import type { TickTranslator } from './to-tick-update.js';

const TYPES: Readonly<Record<number, EngineEventType>> = {
  [EventType.LINK_UP]: 'link_up',
  [EventType.LINK_DOWN]: 'link_down',
  [EventType.HANDOVER]: 'handover',
  [EventType.MODCOD_CHANGE]: 'modcod_change',
  [EventType.PASS_START]: 'pass_start',
  [EventType.PASS_END]: 'pass_end',
};

/** The ticks of a run. */
export interface RunGrid {
  readonly t0Ms: number;
  readonly dtMs: number;
  readonly tickCount: number;
}

/**
 * An event in satsim's terms; `null` for a type that this version does not know.
 *
 * @throws TimebaseError for a tick that the run does not have; GeomrfError for a link of an unknown type
 */
export function translateEvent(event: WireEvent, translator: TickTranslator, { t0Ms, dtMs, tickCount }: RunGrid): EngineEvent | null {
  const type = TYPES[event.type];
  if (type === undefined) return null;
  const tickIndex = Number(event.tickIndex);
  if (tickIndex >= tickCount) throw new TimebaseError(`the engine sent an event of tick ${tickIndex}, but the run has ${tickCount} ticks only`, { tickIndex });
  return {
    tickIndex,
    simTimeMs: t0Ms + tickIndex * dtMs,
    seq: Number(event.seq),
    type,
    linkId: event.link === undefined ? null : translator.linkId(event.link),
    nodeId: event.nodeId === '' ? null : event.nodeId,
    attributes: { ...event.attrs },
  };
}
