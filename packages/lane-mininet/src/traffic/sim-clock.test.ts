import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SimClock } from './sim-clock.js';

describe('sim time between ticks', () => {
  test('goes on with the wall clock from when a tick came into force, for one tick', () => {
    const clock = new SimClock(1_000_000, 500, 70_000);
    expect([70_000, 70_123.4, 70_500, 79_000].map((wallMs) => clock.at(wallMs))).toEqual([1_000_000, 1_000_123, 1_000_500, 1_000_500]);
    clock.tick(1_000_500, 70_530);
    // 30 ms late, so that the tick before lasted 530 ms; a moment shortly before this one is of that one.
    expect([70_520, 70_530, 70_630].map((wallMs) => clock.at(wallMs))).toEqual([1_000_490, 1_000_500, 1_000_600]);
  });

  test('property: never goes back while ticks come, however unevenly', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 100, max: 3_000 }), { minLength: 2, maxLength: 20 }), (gaps) => {
        const clock = new SimClock(0, 100, 0);
        let [wallMs, last] = [0, 0];
        gaps.forEach((gapMs, index) => {
          const before = clock.at(wallMs + gapMs - 1);
          wallMs += gapMs;
          clock.tick((index + 1) * 100, wallMs);
          const now = clock.at(wallMs);
          expect(before).toBeGreaterThanOrEqual(last);
          expect(now).toBeGreaterThanOrEqual(before);
          last = now;
        });
      }),
    );
  });
});
