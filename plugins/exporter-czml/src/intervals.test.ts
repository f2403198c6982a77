import { describe, expect, it } from 'vitest';
import { Intervals, showDuring } from './intervals.js';

const T = Date.UTC(2026, 10, 20);
const at = (s: number): string => new Date(T + s * 1e3).toISOString();
const during = (...parts: readonly (readonly [number, number])[]) =>
  showDuring(
    parts.map(([a, b]) => [T + a * 1e3, T + b * 1e3] as const),
    [T, T + 10_000],
  );

describe('intervals', () => {
  it('are from on to off, the last one until the end', () => {
    const intervals = new Intervals();
    for (const [time, step] of [
      [1, 'on'],
      [2, 'on'],
      [3, 'off'],
      [4, 'off'],
      [6, 'on'],
    ] as const)
      intervals[step](time);
    expect(intervals.until(9)).toEqual([
      [1, 3],
      [6, 9],
    ]);
    expect(intervals.until(6)).toEqual([[1, 3]]);
  });

  it("go on when something is off and on again at the same time, and don't exist without length", () => {
    const intervals = new Intervals();
    intervals.on(1);
    intervals.off(3);
    intervals.on(3);
    intervals.off(5);
    intervals.on(7);
    intervals.off(7);
    expect(intervals.until(9)).toEqual([[1, 5]]);
  });
});

describe('show', () => {
  it('tells every part of the span, also where nothing is shown', () => {
    expect(during([2, 3], [5, 10])).toEqual([
      { interval: `${at(0)}/${at(2)}`, boolean: false },
      { interval: `${at(2)}/${at(3)}`, boolean: true },
      { interval: `${at(3)}/${at(5)}`, boolean: false },
      { interval: `${at(5)}/${at(10)}`, boolean: true },
    ]);
    expect(during()).toEqual([{ interval: `${at(0)}/${at(10)}`, boolean: false }]);
  });

  it('is left out for what is always shown', () => expect(during([0, 4], [4, 10])).toBeUndefined());
});
