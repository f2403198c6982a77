import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Numbers } from './numbers.js';
import { SpillFile } from './spill-file.js';

describe('numbers in a file', () => {
  let dir: string;
  let file: SpillFile;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'satsim-spill-'));
    file = SpillFile.open(dir)!;
  });
  afterAll(() => {
    file.close();
    rmSync(dir, { recursive: true });
  });

  test('are those that came, in their order, with NaN and all; the file has no name', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -0, Number.POSITIVE_INFINITY));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), fc.nat({ max: 20_000 }), (pattern, length) => {
        const [one, other] = [new Numbers(file), new Numbers(file)];
        const given = Float64Array.from({ length }, (_, k) => pattern[k % pattern.length]! * ((k >> 10) + 1));
        for (const each of given) {
          one.add(each);
          other.add(-each);
        }
        expect(one.values()).toEqual(given);
        expect(other.values()).toEqual(given.map((each) => -each));
      }),
      { numRuns: 30 },
    );
    expect(readdirSync(dir)).toEqual([]);
  });

  test('take no memory: a million of them', () => {
    const numbers = new Numbers(file);
    const before = process.memoryUsage().arrayBuffers;
    for (let k = 0; k < 1_000_000; k += 1) numbers.add(k);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200_000);
    expect(numbers.values().at(123_456)).toBe(123_456);
    expect(numbers.values()).toHaveLength(1_000_000);
  });

  test('stay in memory where there can be no file, or it takes no more', () => {
    expect(SpillFile.open(join(dir, 'nowhere'))).toBeNull();
    const closed = SpillFile.open(dir)!;
    const numbers = new Numbers(closed);
    for (let k = 0; k < 4096; k += 1) numbers.add(k);
    closed.close();
    closed.close();
    for (let k = 4096; k < 20_000; k += 1) numbers.add(k);
    expect(numbers.values()).toEqual(Float64Array.from({ length: 20_000 }, (_, k) => k));
  });
});
