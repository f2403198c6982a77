import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { EngineEvent } from '@satsim/core';
import type { EngineEvent as WireEvent } from '@satsim/geomrf-proto';
import { Backoff } from './backoff.js';
import type { DeltaStreamOptions } from './delta-stream.js';
import type { EngineSession } from './engine-session.js';
import { recover } from './recover.js';
import { TickTranslator } from './to-tick-update.js';
import { translateEvent } from './translate-event.js';

/**
 * The engine's events in a stream of their own, which has the engine compute the network once more: for engines that do not
 * send events with ticks, and for who asks for them later than for the ticks. Those of one tick come at a time, in the order of
 * `seq` and each once. Types that this version does not know are left out. After a transient failure, or a restart of the engine,
 * the stream starts anew and skips what was delivered.
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
        const translated = translateEvent(event, translator, options);
        if (translated === null) continue;
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
