import type { Logger } from '@satsim/core';
import { expect, it } from 'vitest';
import { progressTeller } from './progress.js';

it('tells how far it is, not more often than every 5 s', () => {
  const told: string[] = [];
  let now = 0;
  const logger = { info: (_fields: object, message: string) => void told.push(message) } as unknown as Logger;
  const tell = progressTeller(602, logger, () => now);
  const say = (at: number, line: string): void => {
    now = at;
    tell(line);
  };
  say(1_000, '** Event #10   t=1.5   Elapsed: 1s (0m 01s)  0% completed');
  say(6_000, '** Event #5000   t=61.25   Elapsed: 6s (0m 06s)  10% completed');
  say(7_000, '** Event #6000   t=70   Elapsed: 7s');
  say(20_000, 'something else');
  say(20_001, '** Event #9000   t=1e2   Elapsed: 20s');
  expect(told).toEqual(['simulated 61.3 of 602 s', 'simulated 100.0 of 602 s']);
});
