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
  const failures = await cleanup.run();
  expect(order).toEqual(['rejects', 'hangs', 'throws', 'first']);
  expect(failures.map(({ what, error }) => [what, (error as Error).message])).toEqual([
    ['rejects', 'async'],
    ['hangs', 'hangs did not end within 0.02 s'],
    ['throws', 'sync'],
  ]);
  expect(await cleanup.run()).toEqual([]);
});
