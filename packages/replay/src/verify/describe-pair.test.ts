import { expect, test } from 'vitest';
import { describeDivergence } from './divergence.js';

const found = { tickIndex: 5, simTimeMs: 5000, linkId: 'isl:a>b', field: 'oneWayDelayMs', expected: 2, actual: 9 } as const;

test('what differs from what was recorded is said as that', () => {
  expect(describeDivergence(found)).toBe('tick 5 (1970-01-01T00:00:05.000Z), link isl:a>b, oneWayDelayMs: 2 was recorded, now it is 9');
});

test('of two runs it is said which has what: neither of them is the one that counts', () => {
  expect(describeDivergence(found, ['one', 'other'])).toBe('tick 5 (1970-01-01T00:00:05.000Z), link isl:a>b, oneWayDelayMs: 2 in one, 9 in other');
});
