import { durationFromMs, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { GeomrfError, TimebaseError } from '@satsim/core';
import type { TickUpdate } from '@satsim/core';
import type { EngineEvent, LinkDeltaBatch } from '@satsim/geomrf-proto';
import type { Selector, Thresholds } from '../compile/selection.js';
import { Backoff } from './backoff.js';
import type { EngineSession } from './engine-session.js';
import type { EventFeed } from './event-feed.js';
import { recover } from './recover.js';
import { TickTranslator } from './to-tick-update.js';

export interface DeltaStreamOptions {
  readonly runId: string;
  readonly t0Ms: number;
  /** Exclusive. */
  readonly t1Ms: number;
  readonly dtMs: number;
  readonly tickCount: number;
  readonly selector: Selector;
  readonly thresholds: Thresholds;
  /** Whether links carry their geometry and radio figures. */
  readonly includeDebug?: boolean;
}

/**
 * Ticks 0 to `tickCount` - 1, each exactly once, whatever happens to the connection: after a transient failure the
 * stream goes on with the next tick where the engine can, else it starts anew and skips what was delivered already. Ends
 * quietly when the session is closed.
 *
 * @param feed takes the events that come with the ticks, if it has a reader when the first tick is asked for; ends with the stream
 * @throws TimebaseError for a gap, a repetition or a tick off the grid; GeomrfError with reference and tick; the signal's
 * reason when aborted
 */
export async function* deltaStream(
  session: EngineSession,
  options: DeltaStreamOptions,
  feed: EventFeed | null = null,
): AsyncGenerator<TickUpdate, void, undefined> {
  try {
    yield* ticksOf(session, options, feed?.begin() === true ? feed : null);
  } finally {
    feed?.end();
  }
}

async function* ticksOf(session: EngineSession, options: DeltaStreamOptions, feed: EventFeed | null): AsyncGenerator<TickUpdate, void, undefined> {
  const translator = new TickTranslator(options.runId);
  const backoff = new Backoff(session.backoff);
  let next = 0;
  for (;;) {
    const ref = session.scenarioRef;
    try {
      for await (const batch of batchesFrom(session, options, next, feed !== null)) {
        const tick = translator.translate(batch, ref.scenarioId);
        // Delivered before: it had to be read all the same, as it says what later columns mean.
        if (tick.tickIndex < next) continue;
        feed?.add(batch.events, tick, translator, options);
        next++;
        backoff.reset();
        yield tick;
        await feed?.room();
      }
      return;
    } catch (error) {
      if (session.closed) return;
      await recover(session, backoff, error, { doing: `streaming tick ${next}`, ref, tickIndex: next });
    }
  }
}

/** Batches from tick `next` on, or from the first where the engine can't resume, one a tick; checked against the grid. */
async function* batchesFrom(
  session: EngineSession,
  options: DeltaStreamOptions,
  next: number,
  includeEvents: boolean,
): AsyncGenerator<LinkDeltaBatch, void, undefined> {
  const { t0Ms, t1Ms, dtMs, tickCount, selector, thresholds, includeDebug = false } = options;
  const resume = session.capabilities.resumeFromTick ? next : 0;
  const batches = session.client.streamLinkDeltas(
    {
      scenarioRef: session.scenarioRef,
      tStart: timestampFromMs(t0Ms),
      tEnd: timestampFromMs(t1Ms),
      dt: durationFromMs(dtMs),
      selector,
      thresholds,
      emitFullSnapshotFirst: true,
      includeDebug,
      resumeFromTick: BigInt(resume),
      columns: session.capabilities.columns,
      includeEvents,
    },
    { signal: session.signal },
  );
  let expected = resume;
  let early: EngineEvent[][] = [];
  for await (const batch of batches) {
    checkTick(batch, expected, options);
    if (batch.eventsContinue) {
      early.push(batch.events);
      continue;
    }
    checkSnapshot(batch);
    expected++;
    yield early.length === 0 ? batch : { ...batch, events: [...early, batch.events].flat() };
    early = [];
  }
  if (session.closed || session.signal.aborted) return;
  if (expected < tickCount) throw new TimebaseError(`the engine ended the stream after ${expected} of ${tickCount} ticks`, { tickIndex: expected });
}

function checkTick(batch: LinkDeltaBatch, expected: number, { t0Ms, dtMs, tickCount }: DeltaStreamOptions): void {
  const tickIndex = Number(batch.tickIndex);
  const fail = (what: string): never => {
    throw new TimebaseError(`the engine sent ${what}`, { tickIndex, hint: 'the run is not to be trusted; report it to the makers of the engine' });
  };
  if (tickIndex < expected) fail(`tick ${tickIndex} again, where ${expected} was due`);
  if (tickIndex > expected) fail(`tick ${tickIndex} where ${expected} was due: a gap`);
  if (tickIndex >= tickCount) fail(`tick ${tickIndex}, but the run has ${tickCount} ticks only`);
  const dueMs = t0Ms + tickIndex * dtMs;
  const { seconds, nanos } = batch.time ?? { seconds: 0n, nanos: 0 };
  if (seconds * 1_000_000_000n + BigInt(nanos) !== BigInt(dueMs) * 1_000_000n)
    fail(`tick ${tickIndex} with another time than ${new Date(dueMs).toISOString()}`);
}

function checkSnapshot(batch: LinkDeltaBatch): void {
  const tickIndex = Number(batch.tickIndex);
  if (batch.isFullSnapshot !== (tickIndex === 0)) {
    throw new GeomrfError('GEOMRF_INTERNAL', `tick ${tickIndex} ${tickIndex === 0 ? 'is no snapshot' : 'is a snapshot'}: only the first tick should be one`, {
      tickIndex,
    });
  }
}
