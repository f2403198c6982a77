import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FanoutBus } from './fanout-bus.js';

test('every consumer gets every item in order, and item k+1 never starts before k is done', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 8 }), { minLength: 1, maxLength: 4 }), fc.nat({ max: 30 }), async (speeds, n) => {
      const bus = new FanoutBus<number>();
      const queues = speeds.map(() => bus.subscribe(2));
      const consumers = queues.map(async (queue, i) => {
        const log: string[] = [];
        for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
          log.push(`start ${item}`);
          for (let step = 0; step < speeds[i]!; step += 1) await Promise.resolve();
          log.push(`end ${item}`);
        }
        return log;
      });
      for (let i = 0; i < n; i += 1) await bus.publish(i);
      for (const queue of queues) queue.close('drain');
      const expected = Array.from({ length: n }, (_, i) => [`start ${i}`, `end ${i}`]).flat();
      for (const log of await Promise.all(consumers)) expect(log).toEqual(expected);
    }),
  );
});

test('one full queue holds the producer; one that drops does not; a closed one is passed over', async () => {
  const bus = new FanoutBus<number>();
  const lane = bus.subscribe(1);
  const exporter = bus.subscribe(1, 'drop-oldest');
  const failed = bus.subscribe(1);
  failed.close('discard');
  await bus.publish(0);
  let published = false;
  const second = bus.publish(1).then(() => (published = true));
  await new Promise(setImmediate);
  expect(published).toBe(false);
  expect(await lane.take()).toBe(0);
  await second;
  expect(exporter.dropped).toBe(1);
});
