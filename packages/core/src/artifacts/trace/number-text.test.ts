import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NUMBER_BYTES, writeNumber } from './number-text.js';

const out = Buffer.alloc(NUMBER_BYTES + 1);
const textOf = (value: number): string => out.toString('latin1', 1, writeNumber(out, 1, value));

test('any finite number is written as JSON has it, within the bytes allowed for it', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => textOf(value) === JSON.stringify(value)),
    { numRuns: 20_000 },
  );
});

test('and so are numbers of few decimals, and their neighbours', () => {
  const decimal = fc.tuple(fc.integer({ min: 0, max: 10 ** 15 }), fc.integer({ min: 0, max: 12 })).map(([digits, decimals]) => digits / 10 ** decimals);
  const near = fc.tuple(decimal, fc.constantFrom(0, 1, -1, 2, -2)).map(([value, steps]) => value * (1 + steps * Number.EPSILON));
  fc.assert(
    fc.property(near, (value) => textOf(value) === JSON.stringify(value)),
    { numRuns: 50_000 },
  );
});

test.each([
  0,
  -0,
  1,
  -1,
  9,
  10,
  99,
  100,
  2 ** 31 - 1,
  2 ** 31,
  1e-6,
  9.99e-7,
  1e-7,
  0.1,
  0.1 + 0.2,
  999_999.999999999,
  1e6,
  1_000_000.5,
  1e21,
  5e-324,
  1.7976931348623157e308,
])('%d', (value) => {
  expect(textOf(value)).toBe(JSON.stringify(value));
});
