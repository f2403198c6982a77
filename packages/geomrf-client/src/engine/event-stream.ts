import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TimebaseError } from '@satsim/core';
import type { EngineEvent, EngineEventType } from '@satsim/core';
import { EventType } from '@satsim/geomrf-proto';
import type { EngineEvent as WireEvent } from '@satsim/geomrf-proto';
import { Backoff } from './backoff.js';
import type { DeltaStreamOptions } from './delta-stream.js';
import type { EngineSession } from './engine-session.js';
import { recover } from './recover.js';
import { TickTranslator } from './to-tick-update.js';

const TYPES: Readonly<Record<number, EngineEventType>> = {
  [EventType.LINK_UP]: 'link_up',
  [EventType.LINK_DOWN]: 'link_down',
  [EventType.HANDOVER]: 'handover',
  [EventType.MODCOD_CHANGE]: 'modcod_change',
  [EventType.PASS_START]: 'pass_start',
  [EventType.PASS_END]: 'pass_end',
};

/**
 * The engine's events, those of one tick at a time, in the order of `seq` and each once. Types that this version does not
 * know are left out. After a transient failure, or a restart of the engine, the stream starts anew and skips what was delivered.
 */
export async function* eventStream(session: EngineSession, options: DeltaStreamOptions): AsyncGenerator<readonly EngineEvent[], void, undefined> {
  const backoff = new Backoff(session.backoff);
  const translator = new TickTranslator(options.runId);
  let lastSeq = -1n;
  let ofTick: EngineEvent[] = [];
  for (;;) {
    const ref = session.scenarioRef;
    try {
      for await (const event of openEvents(session, options)) {
        if (event.seq <= lastSeq) continue;
        lastSeq = event.seq;
        backoff.reset();
        const type = TYPES[event.type];
        if (type === undefined) continue;
        const translated = translate(event, type, translator, options);
        const last = ofTick.at(-1);
        if (last !== undefined && last.tickIndex !== translated.tickIndex) {
          yield ofTick;
          ofTick = [];
        }
        ofTick.push(translated);
      }
      if (ofTick.length > 0) yield ofTick;
      return;
    } catch (error) {
      if (session.closed) return;
      await recover(session, backoff, error, { doing: 'streaming events', ref });
    }
  }
}

function openEvents(session: EngineSession, { t0Ms, t1Ms, dtMs, selector }: DeltaStreamOptions): AsyncIterable<WireEvent> {
  return session.client.streamEvents(
    { scenarioRef: session.scenarioRef, tStart: timestampFromMs(t0Ms), tEnd: timestampFromMs(t1Ms), dt: durationFromMs(dtMs), selector },
    { signal: session.signal },
  );
}

function translate(event: WireEvent, type: EngineEventType, translator: TickTranslator, { t0Ms, dtMs, tickCount }: DeltaStreamOptions): EngineEvent {
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
