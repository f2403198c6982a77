import { expect, test } from 'vitest';
import { figuresOf } from './figures.js';

test('the least, the middle, the 99th percentile and the largest; null counts for nothing', () => {
  expect(figuresOf([4, null, 1, 3, 2])).toEqual({ min: 1, median: 2.5, p99: 3.97, max: 4 });
  expect(figuresOf([7])).toEqual({ min: 7, median: 7, p99: 7, max: 7 });
  expect(figuresOf([null])).toBeNull();
});
