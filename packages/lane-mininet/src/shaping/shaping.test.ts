import { testLink } from '@satsim/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../config.js';
import { burstBytes, queuePackets } from './queue.js';
import { changeLines, createLines, shapeOf, type ShapingOptions, shapingOptions } from './shaping.js';

const optionsOf = (shaping: object): ShapingOptions => shapingOptions(configSchema.parse({ shaping }).shaping);
const NETEM = optionsOf({});
const link = (change: object) => testLink('sat-1', 'sat-2', { oneWayDelayMs: 36.8047749, capacityMbps: 12.3456789, lossPct: 0.25, ...change });

describe('a shape', () => {
  test('is in whole microseconds and bits a second', () => {
    expect(shapeOf(link({}), NETEM)).toMatchObject({ drop: false, delayUs: 36_805, rateBps: 12_345_679, lossPct: 0.25 });
  });
  test.each([
    ['that is not in the set', null],
    ['that is down', link({ up: false })],
    ['without capacity', link({ capacityMbps: 0 })],
  ])('of a link %s lets nothing pass', (_what, state) => {
    expect(shapeOf(state, NETEM)).toMatchObject({ drop: true, queuePackets: 0 });
  });
  test('has the queue and the burst that the configuration gives', () => {
    expect(shapeOf(link({}), optionsOf({ queue_packets: 7, burst_bytes: 9_999 }))).toMatchObject({ queuePackets: 7, burstBytes: 9_999 });
  });
  test('without netem has no packets to keep for the delay', () => {
    const [held, waiting] = [shapeOf(link({}), NETEM), shapeOf(link({}), optionsOf({ delay: 'none' }))];
    expect(waiting.delayUs).toBe(held.delayUs);
    expect(waiting.queuePackets).toBeLessThan(held.queuePackets);
  });
});

describe('lines', () => {
  const [before, after] = [shapeOf(link({}), NETEM), shapeOf(link({ oneWayDelayMs: 0, lossPct: 0 }), NETEM)];
  test('say the whole state in place, zeros too: netem takes what is not said for zero, and a delay of zero has to be said', () => {
    expect(changeLines('x', before, after, NETEM)).toEqual(['qdisc change dev x root handle 1: netem limit 103 delay 0us loss 0% rate 12345679bit']);
  });
  test('are none where nothing changes', () => {
    for (const options of [NETEM, optionsOf({ rate: 'htb' }), optionsOf({ rate: 'tbf' }), optionsOf({ delay: 'none' })]) {
      const shape = shapeOf(link({}), options);
      expect(changeLines('x', shape, { ...shape }, options)).toEqual([]);
    }
  });
  test('cut a link by a queue without room', () => {
    expect(changeLines('x', before, shapeOf(null, NETEM), NETEM)).toEqual([
      'qdisc change dev x root handle 1: netem limit 0 delay 0us loss 100% rate 1000000bit',
    ]);
  });
  test('of htb change the class and the child, each only where it has to', () => {
    const options = optionsOf({ rate: 'htb' });
    const shape = shapeOf(link({}), options);
    expect(createLines('x', shape, options)).toEqual([
      'qdisc add dev x root handle 1: htb default 1',
      'class add dev x parent 1: classid 1:1 htb rate 12345679bit ceil 12345679bit burst 3087b cburst 3087b quantum 1514',
      'qdisc add dev x parent 1:1 handle 10: netem limit 217 delay 36805us loss 0.25%',
    ]);
    expect(changeLines('x', shape, { ...shape, lossPct: 0 }, options)).toEqual([
      'qdisc change dev x parent 1:1 handle 10: netem limit 217 delay 36805us loss 0%',
    ]);
    expect(changeLines('x', shape, { ...shape, rateBps: 1e6 }, options)).toEqual([
      'class change dev x parent 1: classid 1:1 htb rate 1000000bit ceil 1000000bit burst 3087b cburst 3087b quantum 1514',
    ]);
  });
  test('of tbf say the limit of the fifo below again, which tbf has overwritten', () => {
    const options = optionsOf({ rate: 'tbf', delay: 'none', queue_packets: 7 });
    const shape = shapeOf(link({}), options);
    expect(changeLines('x', shape, { ...shape, rateBps: 1e6 }, options)).toEqual([
      'qdisc change dev x root handle 1: tbf rate 1000000bit burst 3087b limit 3087b',
      'qdisc change dev x parent 1:1 handle 10: pfifo limit 7',
    ]);
  });
});

describe('queue and burst, whatever rate and delay', () => {
  const rate = fc.integer({ min: 8, max: 100_000_000_000 });
  const delay = fc.double({ min: 0, max: 2, noNaN: true });
  test('the queue holds what is under way at full rate, and does not shrink with rate or delay', () => {
    fc.assert(
      fc.property(rate, delay, (bps, s) => {
        const packets = queuePackets(bps, s);
        expect(packets * 1514 * 8).toBeGreaterThanOrEqual(Math.min(bps * s, 1e11));
        expect(queuePackets(bps * 2, s)).toBeGreaterThanOrEqual(packets);
        expect(queuePackets(bps, s * 2)).toBeGreaterThanOrEqual(packets);
      }),
    );
  });
  test('full frames wait 0.1 s and twice the delay at most, but for a few', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 1_000_000_000 }), delay, (bps, s) => {
        const frameS = (8 * 1514) / bps;
        const waitS = queuePackets(bps, s) * frameS - s;
        expect(waitS).toBeLessThanOrEqual(0.1 + 2.03 * s + 8 * frameS);
        expect(waitS).toBeGreaterThanOrEqual(0.1);
      }),
    );
  });
  test('on a slow link it is short: a download does not keep others waiting for a second (1.4 Mbit/s, 10 ms)', () => {
    // 1,750 bytes under way are four packets, 0.1 s are 11.6 frames.
    expect(queuePackets(1_400_000, 0.01)).toBe(4 + 12 + 1);
    expect(queuePackets(1_000, 0)).toBe(5);
  });
  test('the burst is 2 ms of the rate, and two frames at least', () => {
    expect([burstBytes(8), burstBytes(10_000_000), burstBytes(1_000_000_000)]).toEqual([3028, 3028, 250_000]);
  });
});
