import { describe, expect, test } from 'vitest';
import { T0 } from './fake-engine.test-helper.js';
import { engine, replaceEngine, open, unavailable } from '../tick-source.test-helper.js';

describe('ephemeris', () => {
  test('is in kilometres, and what has no position is a failure', async () => {
    const stream = await open();
    expect(await stream.ephemeris!(T0 + 500, 'teme')).toEqual({
      timeMs: T0 + 500,
      frame: 'teme',
      states: [{ id: 'SAT-1', positionKm: [7000, 0.0015, 0.002], velocityKmS: [0, 7.50025, 0] }],
      failures: [{ id: 'SAT-2', reason: 'decayed' }],
    });
  });

  test('is asked for again when the connection breaks', async () => {
    let attempt = 0;
    await replaceEngine({
      async *streamEphemeris() {
        if (++attempt === 1) throw unavailable();
        yield { nodeIds: ['SAT-1'], positionM: [1000, 0, 0], velocityMPerS: [0, 0, 0] };
      },
    });
    expect(await (await open()).ephemeris!(T0)).toMatchObject({ states: [{ id: 'SAT-1', positionKm: [1, 0, 0] }] });
  });

  test('an engine that has none: null', async () => {
    engine.capabilities.ephemeris = false;
    expect((await open()).ephemeris).toBeNull();
  });
});
