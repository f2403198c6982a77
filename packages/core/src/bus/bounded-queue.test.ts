import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BoundedQueue } from './bounded-queue.js';

/** Takes everything until the end, letting the producer run in between as the schedule says. */
async function consume(queue: BoundedQueue<number>, pauses: readonly number[]): Promise<number[]> {
  const got: number[] = [];
  for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
    got.push(item);
    for (let i = 0; i < (pauses[got.length % pauses.length] ?? 0); i += 1) await Promise.resolve();
  }
  return got;
}
const schedule = fc.array(fc.nat({ max: 6 }), { minLength: 1, maxLength: 8 });
const capacity = fc.integer({ min: 1, max: 5 });

test('block: everything arrives, in order, and never more than the capacity waits', async () => {
  await fc.assert(
    fc.asyncProperty(capacity, fc.nat({ max: 60 }), schedule, schedule, async (limit, n, slowProducer, slowConsumer) => {
      const queue = new BoundedQueue<number>(limit);
      const consumed = consume(queue, slowConsumer);
      let most = 0;
      for (let i = 0; i < n; i += 1) {
        expect(await queue.push(i)).toBe(true);
        most = Math.max(most, queue.size);
        for (let j = 0; j < slowProducer[i % slowProducer.length]!; j += 1) await Promise.resolve();
      }
      queue.close('drain');
      expect(await consumed).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(most).toBeLessThanOrEqual(limit);
      expect([queue.dropped, queue.discarded]).toEqual([0, 0]);
    }),
  );
});

test('drop-oldest: what arrives is in order, ends with the newest, and the counts add up', async () => {
  await fc.assert(
    fc.asyncProperty(capacity, fc.integer({ min: 1, max: 60 }), schedule, async (limit, n, slowConsumer) => {
      const queue = new BoundedQueue<number>(limit, 'drop-oldest');
      const consumed = consume(queue, slowConsumer);
      for (let i = 0; i < n; i += 1) await queue.push(i);
      queue.close('drain');
      const got = await consumed;
      expect(got).toEqual([...got].sort((a, b) => a - b));
      expect(new Set(got).size).toBe(got.length);
      expect(got.length + queue.dropped).toBe(n);
      expect(got.at(-1)).toBe(n - 1);
    }),
  );
});

test('a full queue makes the producer wait until something is taken', async () => {
  const queue = new BoundedQueue<number>(1);
  await queue.push(1);
  let accepted = false;
  const waiting = queue.push(2).then(() => (accepted = true));
  await new Promise(setImmediate);
  expect(accepted).toBe(false);
  expect(await queue.take()).toBe(1);
  await waiting;
  expect(await queue.take()).toBe(2);
});

test('close with drain keeps what waits, close with discard refuses and counts it', async () => {
  const drained = new BoundedQueue<number>(1);
  await drained.push(1);
  const late = drained.push(2);
  drained.close('drain');
  expect(await late).toBe(true);
  expect(await drained.push(3)).toBe(false);
  expect([await drained.take(), await drained.take(), await drained.take()]).toEqual([1, 2, undefined]);

  const discarded = new BoundedQueue<number>(1);
  await discarded.push(1);
  const refused = discarded.push(2);
  discarded.close('discard');
  expect(await refused).toBe(false);
  expect(await discarded.take()).toBeUndefined();
  expect(discarded.discarded).toBe(2);
});

test('closing wakes a consumer that waits', async () => {
  const queue = new BoundedQueue<number>(1);
  const waiting = queue.take();
  queue.close('drain');
  expect(await waiting).toBeUndefined();
});

test('a capacity below 1 is refused', () => {
  expect(() => new BoundedQueue(0)).toThrow(RangeError);
});
