import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rowsToKeep } from './thin.js';

test('a long series keeps its ends, its extremes, and what must stay; a short one everything', () => {
  const series = fc.array(fc.option(fc.integer({ min: -1000, max: 1000 })), { minLength: 1, maxLength: 2000 });
  fc.assert(
    fc.property(series, fc.nat(1999), (values, pick) => {
      const marked = pick % values.length;
      const kept = [...rowsToKeep(values.length, [values], (row) => row === marked, 100)];
      expect(kept).toEqual(kept.toSorted((a, b) => a - b));
      expect(kept).toEqual(expect.arrayContaining([0, values.length - 1, marked]));
      const known = values.filter((value) => value !== null);
      const seen = kept.map((row) => values[row]).filter((value) => value !== null);
      if (known.length > 0) expect([Math.min(...(seen as number[])), Math.max(...(seen as number[]))]).toEqual([Math.min(...known), Math.max(...known)]);
      if (values.length <= 100) expect(kept.length).toBe(values.length);
      else expect(kept.length).toBeLessThanOrEqual(104);
    }),
  );
});
