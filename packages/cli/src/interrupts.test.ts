import { expect, test } from 'vitest';
import { Requests } from './interrupts.js';

type Heard = readonly [by: 'here' | 'wrapper', atMs: number];

test.each<[string, readonly Heard[], number]>([
  ['one that only this process hears', [['here', 0]], 1],
  ['one that only the wrapper hears', [['wrapper', 0]], 1],
  [
    'one that both hear, the wrapper long after',
    [
      ['here', 0],
      ['wrapper', 900],
    ],
    1,
  ],
  [
    'one that both hear, the wrapper first',
    [
      ['wrapper', 0],
      ['here', 900],
    ],
    1,
  ],
  [
    'one that npm passes on again',
    [
      ['here', 0],
      ['here', 20],
      ['wrapper', 30],
      ['wrapper', 60],
    ],
    1,
  ],
  [
    'two that both hear, late',
    [
      ['here', 0],
      ['here', 500],
      ['wrapper', 800],
      ['wrapper', 1_300],
    ],
    2,
  ],
  [
    'one that both hear and one that the wrapper alone hears',
    [
      ['here', 0],
      ['wrapper', 300],
      ['wrapper', 800],
    ],
    2,
  ],
])('%s: as many requests as there were', (_what, heard, requests) => {
  const told: string[] = [];
  const all = new Requests((signal) => told.push(signal));
  for (const [by, atMs] of heard) all.hear(by, 'SIGINT', atMs);
  expect(told).toEqual(Array.from({ length: requests }, () => 'SIGINT'));
});
