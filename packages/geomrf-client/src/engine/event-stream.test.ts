import { TimebaseError } from '@satsim/core';
import type { EngineEvent } from '@satsim/core';
import { EventType } from '@satsim/geomrf-proto';
import { describe, expect, test } from 'vitest';
import { T0 } from './fake-engine.test-helper.js';
import { TICKS, engine, replaceEngine, open, collect, failure, unavailable } from '../tick-source.test-helper.js';

describe('events', () => {
  const event = (seq: number, tick: number) => ({ seq: BigInt(seq), tickIndex: BigInt(tick), type: EventType.LINK_UP, nodeId: 'oslo', attrs: { a: 'b' } });

  test('come in batches of one tick', async () => {
    engine.events = [event(0, 0), event(1, 0), event(2, 4), { ...event(3, 4), type: 999 as never }, event(5, 9)];
    const batches = await collect((await open()).events!);
    expect(batches.map((batch) => batch.map(({ seq, tickIndex }) => [seq, tickIndex]))).toEqual([
      [
        [0, 0],
        [1, 0],
      ],
      [[2, 4]],
      [[5, 9]],
    ]);
    expect(batches[1]![0]).toEqual({ seq: 2, tickIndex: 4, simTimeMs: T0 + 4000, type: 'link_up', linkId: null, nodeId: 'oslo', attributes: { a: 'b' } });
  });

  test('are not asked for unless somebody reads them', async () => {
    await collect((await open()).ticks);
    expect(engine.calls).not.toContain('streamEvents');
  });

  test('go on after the last one when the connection breaks', async () => {
    let attempt = 0;
    await replaceEngine({
      async *streamEvents() {
        attempt++;
        yield event(0, 0);
        yield event(1, 1);
        if (attempt === 1) throw unavailable();
        yield event(2, 1);
      },
    });
    const batches: (readonly EngineEvent[])[] = await collect((await open()).events!);
    expect(batches.flat().map(({ seq }) => seq)).toEqual([0, 1, 2]);
    expect(batches.length).toBe(2);
  });

  test('of a tick that the run does not have are refused', async () => {
    engine.events = [event(0, TICKS)];
    expect(await failure(collect((await open()).events!))).toBeInstanceOf(TimebaseError);
  });

  test('an engine without aligned ones: null, and one warning', async () => {
    engine.capabilities.eventsTickAligned = false;
    const stream = await open();
    expect(stream.events).toBeNull();
    expect(stream.info.warnings.filter((warning) => warning.includes('events')).length).toBe(1);
  });
});
