import type { TickMetrics } from '@satsim/core';
import { describe, expect, it } from 'vitest';
import { TickClock } from './tick-clock.js';

const BASE = { simTimeMs: 0, computeMs: 4, translateMs: 1, linksEmitted: 0, driftMs: null };
const stamped = (tickIndex: number, deliveredAtMs: number): TickMetrics => ({
  ...BASE,
  tickIndex,
  applyMs: { flow: 2 },
  deliveredAtMs,
  appliedAtMs: { flow: deliveredAtMs + 5 },
});

describe('times of a tick', () => {
  it('are those that core stamped, in whole microseconds', () => {
    expect(new TickClock().add(stamped(0, 1_795_132_800_000.25))).toEqual({
      tickIndex: 0,
      deliveredUs: 1_795_132_800_000_250,
      lanes: [{ lane: 'flow', startUs: 1_795_132_800_003_250, endUs: 1_795_132_800_005_250 }],
    });
  });

  it('a lane cannot have begun before the tick went out', () => {
    const times = new TickClock().add({ ...BASE, tickIndex: 0, applyMs: { flow: 5.001 }, deliveredAtMs: 100, appliedAtMs: { flow: 105 } });
    expect(times.lanes[0]!.startUs).toBe(100_000);
  });

  it('without stamps ticks stand one after the other, with their true durations', () => {
    const clock = new TickClock();
    const bare = { ...BASE, applyMs: { flow: 2, slow: 3 } };
    expect([0, 1].map((tickIndex) => clock.add({ ...bare, tickIndex }))).toEqual([
      {
        tickIndex: 0,
        deliveredUs: 5000,
        lanes: [
          { lane: 'flow', startUs: 5000, endUs: 7000 },
          { lane: 'slow', startUs: 5000, endUs: 8000 },
        ],
      },
      {
        tickIndex: 1,
        deliveredUs: 13_000,
        lanes: [
          { lane: 'flow', startUs: 13_000, endUs: 15_000 },
          { lane: 'slow', startUs: 13_000, endUs: 16_000 },
        ],
      },
    ]);
  });
});

describe('an event', () => {
  it('belongs to the first tick delivered that is not before its own', () => {
    const clock = new TickClock();
    for (const [tick, at] of [
      [0, 10],
      [3, 20],
      [4, 30],
    ] as const)
      clock.add(stamped(tick, at));
    expect([0, 1, 3, 4].map((tick) => clock.ofEvent(tick))).toEqual([10_000, 20_000, 20_000, 30_000]);
  });

  it('has no time while its tick has not been seen', () => {
    const clock = new TickClock();
    expect(clock.ofEvent(0)).toBeNull();
    clock.add(stamped(0, 10));
    expect(clock.ofEvent(1)).toBeNull();
  });

  it('that comes very late belongs to the oldest tick that is still known', () => {
    const clock = new TickClock();
    for (let tick = 0; tick < 3000; tick += 1) clock.add(stamped(tick, tick));
    expect(clock.ofEvent(0)).toBe((3000 - 1024) * 1000);
  });
});
