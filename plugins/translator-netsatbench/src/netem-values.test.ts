import { expect, test } from 'vitest';
import { delayMs, lossPct, rateMbps } from './netem-values.js';

test.each([
  ['10mbit', 10],
  ['200.0mbit', 200],
  ['1gbit', 1_000],
  ['64kbit', 0.064],
  ['1mbps', 8],
  ['1000000', 1],
  [2e6, 2],
  ['1mibit', 1.048576],
  ['0mbit', null],
  ['fast', null],
  ['-1mbit', null],
  ['1 parsec', null],
])('rate %s is %s Mbit/s', (text, mbps) => expect(rateMbps(text)).toBe(mbps));

test.each([
  ['5ms', 5],
  ['5.0ms', 5],
  ['1.5s', 1_500],
  ['250us', 0.25],
  ['250', 0.25],
  ['', null],
  [null, null],
])('delay %s is %s ms', (text, ms) => expect(delayMs(text)).toBe(ms));

test.each([
  [0, 0],
  ['0.0', 0],
  ['1.5%', 1.5],
  [100, 100],
  [100.1, null],
  ['some', null],
])('loss %s is %s %%', (text, percent) => expect(lossPct(text)).toBe(percent));
