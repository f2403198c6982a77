import { expect, test } from 'vitest';
import { Cleanup } from './cleanup.js';

test('reverse order; a step that fails or hangs keeps no other from its turn; every error is told', async () => {
  const order: string[] = [];
  const cleanup = new Cleanup();
  cleanup.defer('first', () => void order.push('first'));
  cleanup.defer('throws', () => {
    order.push('throws');
    throw new Error('sync');
  });
  cleanup.defer('hangs', () => new Promise(() => order.push('hangs')), 20);
  cleanup.defer('rejects', async () => {
    order.push('rejects');
    throw new Error('async');
  });
  const failures = await cleanup.run(new AbortController().signal);
  expect(order).toEqual(['rejects', 'hangs', 'throws', 'first']);
  expect(failures.map(({ what, error }) => [what, (error as Error).message])).toEqual([
    ['rejects', 'async'],
    ['hangs', 'hangs did not end within 0.02 s'],
    ['throws', 'sync'],
  ]);
  expect(await cleanup.run(new AbortController().signal)).toEqual([]);
});

test('an abort leaves a step that has begun, and those after it, a short time', async () => {
  const aborting = new AbortController();
  const cleanup = new Cleanup();
  const hang = () => new Promise<void>(() => {});
  cleanup.defer('hangs too', hang);
  cleanup.defer('hangs', hang);
  setTimeout(() => aborting.abort(), 50);
  const started = performance.now();
  expect((await cleanup.run(aborting.signal)).map(({ what }) => what)).toEqual(['hangs', 'hangs too']);
  expect(performance.now() - started).toBeLessThan(7_000);
});
