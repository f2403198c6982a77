import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Packer } from './packer.js';
import { unpack } from './unpack.js';

const values = fc.array(fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { freq: 5 }), { maxLength: 200 });

test('what is packed comes back to within half a step, and null as NaN, whatever stands before it', () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), fc.constantFrom(1, 10, 1000), (columns, scale) => {
      const packer = new Packer();
      const packed = columns.map((column) => packer.column(column, scale));
      const bytes = packer.bytes();
      for (const [i, column] of columns.entries()) {
        const back = unpack(bytes, packed[i]!);
        expect(back.length).toBe(column.length);
        for (const [row, value] of column.entries()) {
          if (value === null) expect(back[row]).toBeNaN();
          else expect(Math.abs(back[row]! - value)).toBeLessThanOrEqual(0.5 / scale + 1e-6);
        }
      }
    }),
  );
});

test('whole numbers come back exactly, times of the epoch as well', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -(2 ** 48), max: 2 ** 48 })), (numbers) => {
      const packer = new Packer();
      expect([...unpack(packer.bytes(), { at: 0, n: 0, scale: 1, order: 1 })]).toEqual([]);
      const column = packer.column(numbers);
      expect([...unpack(packer.bytes(), column)]).toEqual(numbers);
    }),
  );
});

test('a grid of times costs a byte a value, a smooth curve two', () => {
  const size = (column: readonly number[], scale: number): number => {
    const packer = new Packer();
    packer.column(column, scale);
    return packer.bytes().length;
  };
  const grid = Array.from({ length: 600 }, (_, k) => 1_795_132_800_000 + 1000 * k);
  expect(size(grid, 1)).toBeLessThan(620);
  const curve = grid.map((_, k) => 90 + 10 * Math.sin(k / 200));
  expect(size(curve, 1000)).toBeLessThan(1210);
});

test('what is no number is refused', () => {
  expect(() => new Packer().column([1, Number.NaN])).toThrow(RangeError);
  expect(() => new Packer().column([1e15], 1000)).toThrow(RangeError);
});
