import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { TimebaseError } from '@satsim/core';
import type { EngineEvent, TickUpdate } from '@satsim/core';
import { EngineEventSchema, EventType } from '@satsim/geomrf-proto';
import { beforeEach, describe, expect, test } from 'vitest';
import { TICKS, all, collect, engine, failure, indices, open, replaceEngine, unavailable } from '../tick-source.test-helper.js';
import { EventFeed } from './event-feed.js';
import type { BatchInit } from './fake-engine.test-helper.js';
import { T0 } from './fake-engine.test-helper.js';
import { TickTranslator } from './to-tick-update.js';

const event = (tick: number, seq: number) => ({ seq: BigInt(seq), tickIndex: BigInt(tick), type: EventType.LINK_UP, nodeId: 'oslo' });
/** Two events a tick, of which every third tick has none. */
const eventsOf = (k: number) => (k % 3 === 2 ? [] : [event(k, 2 * k), event(k, 2 * k + 1)]);
const withEvents = (k: number, init: BatchInit): BatchInit => ({ ...init, events: eventsOf(k) });
const seqs = (batches: readonly (readonly EngineEvent[])[]) => batches.map((batch) => batch.map(({ tickIndex, seq }) => [tickIndex, seq]));
const due = all
  .filter((k) => k % 3 !== 2)
  .map((k) => [
    [k, 2 * k],
    [k, 2 * k + 1],
  ]);

async function both(): Promise<{ readonly ticks: readonly TickUpdate[]; readonly events: readonly (readonly EngineEvent[])[] }> {
  const stream = await open();
  const [events, ticks] = await Promise.all([collect(stream.events!), collect(stream.ticks)]);
  return { ticks, events };
}

describe('events of an engine that sends them with ticks', () => {
  beforeEach(() => {
    Object.assign(engine.capabilities, { includeEvents: true });
    engine.batch = withEvents;
  });

  test('come by the one stream, in batches of one tick', async () => {
    const { ticks, events } = await both();
    expect(indices(ticks)).toEqual(all);
    expect(seqs(events)).toEqual(due);
    expect(events[1]![0]).toEqual({ tickIndex: 1, simTimeMs: T0 + 1000, seq: 2, type: 'link_up', linkId: null, nodeId: 'oslo', attributes: {} });
    expect(engine.streams.map(({ includeEvents }) => includeEvents)).toEqual([true]);
    expect(engine.calls).not.toContain('streamEvents');
  });

  test('are not asked for unless somebody reads them', async () => {
    await collect((await open()).ticks);
    expect(engine.streams.map(({ includeEvents }) => includeEvents)).toEqual([false]);
    expect(engine.calls).not.toContain('streamEvents');
  });

  test('have a stream of their own when they are asked for after the ticks', async () => {
    engine.events = [event(0, 0), event(4, 1)];
    const stream = await open();
    const ticks = await collect(stream.ticks);
    expect(seqs(await collect(stream.events!))).toEqual([[[0, 0]], [[4, 1]]]);
    expect(indices(ticks)).toEqual(all);
    expect(engine.streams.map(({ includeEvents }) => includeEvents)).toEqual([false]);
  });

  test.each([true, false])('come once each when the connection breaks (the engine can resume: %s)', async (resumes) => {
    engine.capabilities.resumeFromTick = resumes;
    engine.batch = (k, init, attempt) => {
      if (attempt < 3 && k === 3 * attempt) throw unavailable();
      return withEvents(k, init);
    };
    const { ticks, events } = await both();
    expect(indices(ticks)).toEqual(all);
    expect(seqs(events)).toEqual(due);
    expect(engine.streams).toHaveLength(3);
  });

  test('of a tick may come in several messages, of which none is lost or taken twice when the connection breaks between them', async () => {
    let attempt = 0;
    await replaceEngine({
      async *streamLinkDeltas({ resumeFromTick }) {
        attempt++;
        for (let k = Number(resumeFromTick); k < TICKS; k++) {
          const head = { tickIndex: BigInt(k), time: timestampFromMs(T0 + 1000 * k) };
          const [first, ...rest] = eventsOf(k);
          if (first !== undefined) yield { ...head, events: [first], eventsContinue: true };
          if (attempt === 1 && k === 4) throw unavailable();
          yield { ...head, isFullSnapshot: k === 0, events: rest };
        }
      },
    });
    Object.assign(engine.capabilities, { includeEvents: true });
    const { ticks, events } = await both();
    expect(indices(ticks)).toEqual(all);
    expect(seqs(events)).toEqual(due);
    expect(attempt).toBe(2);
  });

  test.each([
    ['of another tick', (k: number) => [event(k + 1, k)]],
    ['out of order', (k: number) => [event(k, 7), event(k, 6)]],
    ['told before', () => [event(0, 0), event(0, 0)]],
  ])('are refused, with the ticks, when they are %s', async (_what, told) => {
    engine.batch = (k, init) => ({ ...init, events: told(k) });
    const stream = await open();
    const events = collect(stream.events!);
    expect(await failure(collect(stream.ticks))).toBeInstanceOf(TimebaseError);
    expect(await events).toEqual([]);
  });

  test('that came before the ticks failed can still be read, and then they end', async () => {
    engine.batch = (k, init) => {
      if (k === 4) throw new Error('broken for good');
      return withEvents(k, init);
    };
    const stream = await open();
    const events = collect(stream.events!);
    await failure(collect(stream.ticks));
    expect(seqs(await events)).toEqual(due.slice(0, 3));
  });

  test('end when the ticks are left, and when the stream is closed before any tick', async () => {
    const left = await open();
    const events = collect(left.events!);
    for await (const { tickIndex } of left.ticks) if (tickIndex === 3) break;
    expect(seqs(await events)).toEqual(due.slice(0, 3));
    const closed = await open();
    const none = collect(closed.events!);
    await closed.close();
    expect(await none).toEqual([]);
  });
});

describe('a feed of events', () => {
  const grid = { t0Ms: T0, dtMs: 1000, tickCount: 100 };
  const add = (feed: EventFeed, k: number, count: number) => {
    const events = Array.from({ length: count }, (_, i) => create(EngineEventSchema, event(k, 100 * k + i)));
    feed.add(events, { tickIndex: k } as TickUpdate, new TickTranslator('run'), grid);
  };
  const pending = async (promise: Promise<unknown>) => (await Promise.race([promise.then(() => 'done'), sleep(20, 'waits')])) === 'waits';

  test('holds up the ticks when its reader is far behind, until it has caught up or left', async () => {
    const feed = new EventFeed(new AbortController().signal, 10);
    expect([feed.join(), feed.begin()]).toEqual([true, true]);
    add(feed, 0, 10);
    await feed.room();
    add(feed, 1, 1);
    const room = feed.room();
    expect(await pending(room)).toBe(true);
    const reader = feed.read();
    expect((await reader.next()).value).toHaveLength(10);
    await room;
    add(feed, 2, 50);
    const again = feed.room();
    expect(await pending(again)).toBe(true);
    await reader.return();
    await again;
    add(feed, 3, 50);
    await feed.room();
  });

  test('holds up nobody once it is aborted, and what is in it can still be read', async () => {
    const abort = new AbortController();
    const feed = new EventFeed(abort.signal, 10);
    add(feed, 0, 11);
    const room = feed.room();
    expect(await pending(room)).toBe(true);
    abort.abort();
    await room;
    expect((await collect(feed.read())).flat()).toHaveLength(11);
  });
});
