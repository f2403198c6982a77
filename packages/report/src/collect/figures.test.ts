import { expect, test } from 'vitest';
import { figuresOf } from './figures.js';

test('the least, the middle, the 99th percentile and the largest; null counts for nothing', () => {
  expect(figuresOf([5, null, 1, 4, 2, 3])).toEqual({ min: 1, median: 3, p99: expect.closeTo(4.96, 9) as number, max: 5 });
  expect(figuresOf([1, 2])?.median).toBe(1.5);
  expect(figuresOf([7])).toEqual({ min: 7, median: 7, p99: 7, max: 7 });
  expect(figuresOf([null])).toBeNull();
});
