import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { describeOmnet, PAIR_ROUTES, type Played, play } from '../omnet.test-helper.js';

const link = (number: number, delayS: number, rateBps: number, loss = 0) => `0,0.000,${number},1,${delayS.toFixed(9)},${rateBps},${loss.toFixed(9)}`;
const both = (delayS: number, rateBps: number, loss = 0) => [link(0, delayS, rateBps, loss), link(1, delayS, rateBps)];
const mean = (values: readonly (number | null)[]) => values.reduce<number>((sum, value) => sum + value!, 0) / values.length;
const ofFlow = ({ samples }: Played, flow: number) => samples.filter((sample) => sample.flow === flow);

describeOmnet('udp', { timeout: 120_000 }, () => {
  it('arrives at its rate, of payload; a sample a tick', async () => {
    const played = await play({
      links: both(0.01, 10_000_000),
      flows: [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 2, start: '1s', stop: '4s' }],
      ticks: 6,
    });
    expect(played.samples.map(({ t }) => t)).toEqual([1, 2, 3]);
    for (const { goodput, loss, owd, rtt } of played.samples) {
      expect(goodput! / 2e6).toBeCloseTo(1, 1);
      expect(owd).toBeCloseTo(0.01 + (1500 * 8) / 10e6, 9);
      expect([loss, rtt]).toEqual([0, null]);
    }
    // 3 s at 2 Mbit/s in payloads of 1472 bytes
    expect(played.counters['sent_packets']).toBe(Math.ceil((3 * 2e6) / (8 * 1472)));
  });

  it('as a Poisson process has the same rate and other gaps, by the seed', async () => {
    const flows = [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 8, packet_bytes: 128, pattern: 'poisson' }];
    const one = await play({ links: both(0.01, 100_000_000), flows });
    const expected = (4 * 8e6) / (8 * 100);
    expect(Math.abs(one.counters['sent_packets']! - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect((await play({ links: both(0.01, 100_000_000), flows, seed: 2 })).counters['sent_packets']).not.toBe(one.counters['sent_packets']);
  });

  it('beyond what a link carries fills its queue: 100 packets and what goes in 100 ms wait, the rest is dropped', async () => {
    const played = await play({ links: both(0.01, 1_000_000), flows: [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 2 }], ticks: 10 });
    const room = 100 + Math.ceil((1e6 * 0.1) / (8 * 1514));
    expect(played.told.scalars['SatsimNetwork.a']!['longestQueue']).toBe(room);
    const last = played.samples.at(-2)!;
    expect(last.owd).toBeCloseTo(0.01 + ((room + 1) * 1500 * 8) / 1e6, 1);
    expect(last.goodput).toBeGreaterThan(0.97e6 * (1472 / 1500));
    expect(last.loss).toBeGreaterThan(0.45);
    expect(last.loss).toBeLessThan(0.55);
    const { sent_packets, delivered_packets, queue_drops } = played.counters;
    expect(sent_packets).toBe(delivered_packets! + queue_drops!);
  });

  it('in an outage nothing arrives, everything is lost and there is no path', async () => {
    const { samples } = await play({
      links: [...both(0.01, 10_000_000), '1,1.000,0,0,0.01,10000000,0.0', '3,3.000,0,1,0.01,10000000,0.0'],
      routes: [...PAIR_ROUTES, '1,1.000,0,1,-1', '3,3.000,0,1,0'],
      flows: [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 2 }],
    });
    expect(samples.map(({ loss, path }) => [Math.round(loss! * 10) / 10, path])).toEqual([
      [0, '0>1'],
      [1, ''],
      [1, ''],
      [0, '0>1'],
    ]);
    expect(samples[1]).toMatchObject({ goodput: 0, owd: null });
  });
});

describeOmnet('tcp', { timeout: 120_000 }, () => {
  const BULK = { id: 't', from: 'a', to: 'b', kind: 'tcp' };

  it('its congestion control and its timer follow the rules of the RFCs one by one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'satsim-newreno-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const source = fileURLToPath(new URL('../../omnetpp/test/new-reno.cc', import.meta.url));
    const run = promisify(execFile);
    await run('c++', ['-std=c++17', '-Wall', '-Wextra', '-Werror', '-o', join(folder, 'test'), source]);
    expect((await run(join(folder, 'test'))).stdout).toBe('ok\n');
  });

  it('takes what there is: at least 85 % of a link of 10 Mbit/s and 20 ms once it is under way', async () => {
    const played = await play({ links: both(0.02, 10_000_000), flows: [BULK], ticks: 60 });
    const steady = played.samples.slice(10).map(({ goodput }) => goodput);
    expect(mean(steady)).toBeGreaterThan(0.85 * 10e6 * (1448 / 1500));
    expect(mean(steady)).toBeLessThan(1.001 * 10e6 * (1448 / 1500));
    expect(played.samples[0]!.rtt).toBeGreaterThan(0.04);
  });

  it('keeps to its rate where it has one', async () => {
    const { samples, counters } = await play({ links: both(0.02, 10_000_000), flows: [{ ...BULK, rate_mbps: 1 }], ticks: 10 });
    for (const { goodput } of samples.slice(1)) expect(goodput! / 1e6).toBeCloseTo(1, 1);
    expect(counters['queue_drops']).toBe(0);
  });

  it('two share a link within a factor of two', async () => {
    const played = await play({ links: both(0.02, 10_000_000), flows: [BULK, { ...BULK, id: 't2' }], ticks: 120 });
    const [one, other] = [0, 1].map((flow) =>
      mean(
        ofFlow(played, flow)
          .slice(20)
          .map(({ goodput }) => goodput),
      ),
    ) as [number, number];
    expect(one + other).toBeGreaterThan(0.8 * 10e6);
    expect(Math.max(one, other) / Math.min(one, other)).toBeLessThan(2);
  });

  it('under random loss has about the rate of Mathis: MSS / RTT × √(3 / 2p), as its window counts bytes and not acknowledgments', async () => {
    const p = 0.002;
    const { samples } = await play({ links: both(0.05, 100_000_000, p), flows: [BULK], ticks: 120 });
    const rate = mean(samples.slice(10).map(({ goodput }) => goodput));
    const mathis = ((1448 * 8) / 0.1) * Math.sqrt(3 / (2 * p));
    expect(rate / mathis).toBeGreaterThan(0.75);
    expect(rate / mathis).toBeLessThan(1.25);
    expect(mean(samples.map(({ loss }) => loss ?? 0))).toBeCloseTo(p, 2);
  });

  it('goes on after an outage, and everything that was offered arrives once and in order', async () => {
    const { samples, told } = await play({
      links: [...both(0.02, 10_000_000), '5,5.000,0,0,0.02,10000000,0.0', '8,8.000,0,1,0.02,10000000,0.0'],
      flows: [{ ...BULK, rate_mbps: 1, stop: '20s' }],
      ticks: 30,
    });
    expect(samples.slice(5, 8).map(({ goodput }) => goodput! < 0.1e6)).toEqual([true, true, true]);
    const offeredBytes = Math.floor((20 * 1e6) / 8 / 1448) * 1448;
    const arrived = samples.reduce((sum, { goodput }) => sum + goodput! / 8, 0);
    expect(arrived).toBeGreaterThan(offeredBytes - 20_000);
    expect(arrived).toBeLessThanOrEqual(offeredBytes);
    expect(told.scalars['SatsimNetwork.flow_t']!['timeouts']).toBeGreaterThan(0);
  });

  it('with a rate: what could not be sent at its time waits, and is sent as soon as there is room', async () => {
    // 4 Mbit/s offered from the start; the way comes after 5 s and carries 10.
    const { samples } = await play({
      links: ['5,5.000,0,1,0.02,10000000,0.0', '5,5.000,1,1,0.02,10000000,0.0'],
      routes: ['5,5.000,0,1,0', '5,5.000,1,0,1'],
      flows: [{ ...BULK, rate_mbps: 4 }],
      ticks: 15,
    });
    const goodput = samples.map((sample) => sample.goodput! / 1e6);
    expect(goodput.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(Math.max(...goodput)).toBeGreaterThan(9);
    const total = goodput.reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(59);
    expect(total).toBeLessThan(60.1);
    expect(goodput.at(-1)).toBeCloseTo(4, 1);
  });

  it('that has stopped leaves the link to others at once', async () => {
    const played = await play({
      links: both(0.02, 10_000_000),
      flows: [
        { ...BULK, stop: '5s' },
        { id: 'p', from: 'a', to: 'b', kind: 'ping', every: '100ms' },
      ],
      ticks: 10,
    });
    const rtt = (fromS: number, toS: number) => mean(ofFlow(played, 1).flatMap(({ t, rtt: each }) => (t >= fromS && t < toS ? [each] : [])));
    expect(rtt(3, 5)).toBeGreaterThan(0.06);
    expect(rtt(6, 10)).toBeLessThan(0.041);
  });

  it('with a way there and none back there is no connection', async () => {
    const { samples } = await play({ links: [link(0, 0.02, 10_000_000)], routes: ['0,0.000,0,1,0'], flows: [BULK] });
    expect(samples.map(({ goodput, rtt }) => [goodput, rtt])).toEqual(Array.from({ length: 4 }, () => [0, null]));
  });
});
