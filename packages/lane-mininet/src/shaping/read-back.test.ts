import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { fakeTc, type FakeDevice } from '../testing/fake-tc.js';
import { parseClassRate, parseQdiscs, type QdiscOutput } from './parse-qdisc.js';
import { differencesOf } from './read-back.js';
import { changeLines, createLines, shapeOf, shapingOptions } from './shaping.js';
import { testLink } from '@satsim/core/testing';

const link = testLink('sat-1', 'sat-2');
const state = fc.record({
  oneWayDelayMs: fc.double({ min: 0, max: 2_000, noNaN: true }),
  capacityMbps: fc.double({ min: 1e-3, max: 100_000, noNaN: true }),
  lossPct: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 100, noNaN: true })),
  up: fc.boolean(),
});

describe.each(['netem', 'htb', 'tbf'] as const)('%s, as tc takes, keeps and prints it', (rate) => {
  const options = shapingOptions(configSchema.parse({ shaping: { rate } }).shaping);

  test('no value that can be asked for is told as a difference, and every other one is', () => {
    fc.assert(
      fc.property(state, state, fc.constantFrom('rateBps', 'delayUs', 'lossPct', 'queuePackets' as const), (before, after, quantity) => {
        const device: FakeDevice = { pid: null, peer: 'y', up: true, qdiscs: new Map(), classRate: null };
        const devices = new Map([['x', device]]);
        const [one, other] = [shapeOf({ ...link, ...before }, options), shapeOf({ ...link, ...after }, options)];
        for (const line of [...createLines('x', one, options), ...changeLines('x', one, other, options)]) expect(fakeTc(line, null, devices)).toEqual({});
        const read = parseQdiscs(JSON.parse(fakeTc('qdisc show', null, devices).stdout!) as QdiscOutput).get('x')!;
        const rateBps = read.rateBps ?? parseClassRate([fakeTc('class show dev x', null, devices).stdout ?? '']);
        const applied = { ...read, rateBps, carrier: true };
        const requested = { ...other, carrier: true };
        expect(differencesOf({ linkId: link.linkId, requested, applied }, options)).toEqual([]);
        const wrong = { ...applied, [quantity]: applied[quantity]! * 1.01 + 10 };
        expect(differencesOf({ linkId: link.linkId, requested, applied: wrong }, options)).toHaveLength(1);
      }),
    );
  });

  test('what is not there at all is told', () => {
    const requested = { ...shapeOf(link, options), carrier: true };
    const nothing = { rateBps: null, delayUs: null, lossPct: null, queuePackets: null, carrier: null };
    expect(differencesOf({ linkId: link.linkId, requested, applied: nothing }, options)).toHaveLength(5);
  });
});

test('a delay and a loss of zero are zero, not nearly', () => {
  const options = shapingOptions(configSchema.parse({}).shaping);
  const requested = { ...shapeOf({ ...link, oneWayDelayMs: 0, lossPct: 0 }, options), carrier: true };
  const applied = { rateBps: requested.rateBps, delayUs: 1, lossPct: 0.0001, queuePackets: requested.queuePackets, carrier: true };
  expect(differencesOf({ linkId: link.linkId, requested, applied }, options)).toEqual([
    'isl:sat-1>sat-2 has delay in µs 1, not 0',
    'isl:sat-1>sat-2 has loss in percent 0.0001, not 0',
  ]);
});

test('without netem, delay and loss are nobody’s to compare', () => {
  const options = shapingOptions(configSchema.parse({ shaping: { delay: 'none' } }).shaping);
  const requested = { ...shapeOf(link, options), carrier: false };
  const applied = { rateBps: requested.rateBps, delayUs: null, lossPct: null, queuePackets: requested.queuePackets, carrier: true };
  expect(differencesOf({ linkId: link.linkId, requested, applied }, options)).toEqual(['isl:sat-1>sat-2 has carrier true, not false']);
});
