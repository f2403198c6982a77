import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BucketQueue } from './bucket-queue.js';

const NODES = 12;
const BUCKET = 2 ** 32;

it('gives every node once, in the order of the buckets of their last keys, however far apart these are', () => {
  const anyKey = fc.oneof(
    fc.integer({ min: 0, max: 3 * BUCKET }),
    fc.integer({ min: 0, max: 20_000 }).map((bucket) => bucket * BUCKET),
    fc.integer({ min: 0, max: 2 ** 20 }).map((bucket) => bucket * BUCKET),
  );
  const anyRound = fc.array(fc.record({ node: fc.nat(NODES - 1), key: anyKey }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(anyRound, { minLength: 1, maxLength: 3 }), (rounds) => {
      const queue = new BucketQueue(NODES);
      const keys = new Float64Array(NODES);
      for (const round of rounds) {
        keys.fill(Number.POSITIVE_INFINITY);
        for (const { node, key } of round) {
          if (key >= keys[node]) continue;
          keys[node] = key;
          queue.put(node, key);
        }
        const taken: number[] = [];
        for (let node = queue.take(keys); node >= 0; node = queue.take(keys)) taken.push(node);
        expect(taken.toSorted((a, b) => a - b)).toEqual([...new Set(round.map(({ node }) => node))].toSorted((a, b) => a - b));
        const buckets = taken.map((node) => Math.floor(keys[node] / BUCKET));
        expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
      }
    }),
    { numRuns: 300 },
  );
});

it('within a bucket: first in, first out; a node whose key becomes smaller moves', () => {
  const queue = new BucketQueue(4);
  const keys = new Float64Array([5, 4, 3, 2 * BUCKET]);
  for (const node of [0, 1, 2, 3]) queue.put(node, keys[node]);
  expect(queue.take(keys)).toBe(0);
  keys[3] = 6;
  queue.put(3, 6);
  expect([queue.take(keys), queue.take(keys), queue.take(keys), queue.take(keys)]).toEqual([1, 2, 3, -1]);
});
