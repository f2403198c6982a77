import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowBuffer } from './row-buffer.js';

const written = (fill: (rows: RowBuffer) => RowBuffer): string => {
  const rows = new RowBuffer();
  fill(rows).end();
  return Buffer.from(rows.take()).toString();
};
/** Numbers of every length, and those around powers of ten. */
const wholes = fc.oneof(
  fc.maxSafeNat(),
  fc.nat(15).chain((digits) => fc.integer({ min: -2, max: 2 }).map((beside) => Math.max(0, 10 ** digits + beside))),
);

test('whole numbers stand as they are', () => {
  fc.assert(
    fc.property(wholes, (value) => {
      expect(written((rows) => rows.integer(value))).toBe(`${value}\n`);
    }),
  );
  expect(written((rows) => rows.integer(-1))).toBe('-1\n');
});

test('fixed decimals are exact', () => {
  fc.assert(
    fc.property(wholes, fc.constantFrom(3, 9), (units, decimals) => {
      const text = BigInt(units)
        .toString()
        .padStart(decimals + 1, '0');
      expect(written((rows) => rows.fixed(units, decimals))).toBe(`${text.slice(0, -decimals)}.${text.slice(-decimals)}\n`);
    }),
  );
});

test('fields are separated, rows end, and what was taken is gone', () => {
  const rows = new RowBuffer();
  rows.integer(7).fixed(7_000, 3).empty().empty().end();
  for (let i = 0; i < 1_000; i++) rows.integer(i).end();
  const text = Buffer.from(rows.take()).toString();
  expect(text).toBe(`7,7.000,,\n${Array.from({ length: 1_000 }, (_, i) => `${i}\n`).join('')}`);
  expect(rows.take()).toHaveLength(0);
});
