import { describe, expect, test } from 'vitest';
import { lacksNs3 } from './ns3/machine.js';
import { simulate, type Simulated } from './ns3/simulate.js';

const PING = { id: 'p', kind: 'ping' };
const still = (ticks: number) => Array.from({ length: ticks }, () => ({}));
const mean = (values: readonly (number | null)[]): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / values.length;
const simulated = async (...parts: [Parameters<typeof simulate>[0], Parameters<typeof simulate>[1], Parameters<typeof simulate>[2]?]): Promise<Simulated> => {
  let result: Simulated | null = null;
  await simulate(parts[0], parts[1], parts[2], (told) => {
    const files = new Map(['results/samples.csv', 'results/flowmon.xml'].map((path) => [path, told.file(path)]));
    result = { ...told, file: (path) => files.get(path)! };
  });
  return result!;
};

describe.skipIf(lacksNs3())('packets in ns-3', () => {
  test.each([4, 6])('IPv%i: a ping takes the delay of its links, there and back, and what its bits need on four links', async (ip_version) => {
    const { samples, counters } = await simulated(still(5), [PING, { id: 'r', from: 'b', to: 'a' }], { config: { ip_version } });
    expect(samples).toHaveLength(10);
    for (const sample of samples) {
      // 84 bytes and PPP's 2 at 10 Mbit/s are 0.069 ms; the two pings may wait for each other.
      expect(sample.rttMs!).toBeGreaterThan(40.27);
      expect(sample.rttMs!).toBeLessThan(40.5);
      expect(sample.oneWayDelayMs!).toBeCloseTo(sample.rttMs! / 2, 1);
      expect(sample).toMatchObject({ lossPct: 0, goodputMbps: null, hops: 2 });
    }
    expect(samples[0]!.path).toEqual(['a', 'sat', 'b']);
    expect(counters).toMatchObject({ link_rows: 4, cut_packets: 0, lost_packets: 0, queue_drops: 0 });
  });

  test('a ping whose reply was lost has no delay, as one whose request was', async () => {
    // From b to a: replies take the link that loses.
    const { samples } = await simulated([{ lossPct: 40 }, ...still(9)], [{ ...PING, from: 'b', to: 'a', every: '100ms' }]);
    const lost = samples.filter(({ lossPct }) => lossPct === 100);
    expect(lost.length).toBeGreaterThan(20);
    expect(lost.filter(({ rttMs, oneWayDelayMs }) => rttMs !== null || oneWayDelayMs !== null)).toEqual([]);
    for (const { oneWayDelayMs } of samples.filter(({ lossPct }) => lossPct === 0)) expect(oneWayDelayMs).toBeCloseTo(20.1, 0);
  });

  test('a delay that falls: no packet overtakes another, what is on its way keeps its time', async () => {
    const { samples } = await simulated([{ oneWayDelayMs: 1500 }, { oneWayDelayMs: 100 }, {}], [PING]);
    // Sent at 0 s, there at 1.51 s; sent at 1 s, it would be there at 1.11 s, but waits for the one before.
    expect(samples.map(({ oneWayDelayMs }) => Math.round(oneWayDelayMs!))).toEqual([1510, 510, 110]);
  });

  test('a delay that rises is that of packets sent from then on', async () => {
    const { samples } = await simulated([{ oneWayDelayMs: 1200 }, { oneWayDelayMs: 1600 }, {}], [PING]);
    expect(samples.map(({ oneWayDelayMs }) => Math.round(oneWayDelayMs!))).toEqual([1210, 1610, 1610]);
  });

  test.each([
    ['leaves', null],
    ['goes down', { up: false }],
  ])('a link that %s cuts what is on its way; there is no way until it is back', async (_how, change) => {
    const { samples, counters } = await simulated([{ oneWayDelayMs: 1500 }, change, { up: true, oneWayDelayMs: 10 }], [PING]);
    expect(samples.map(({ lossPct, hops, oneWayDelayMs }) => [lossPct, hops, oneWayDelayMs === null])).toEqual([
      [100, 2, true],
      [100, null, true],
      [0, 2, false],
    ]);
    expect(counters['cut_packets']).toBe(1);
  });

  test('a link that changes in the middle of a second is as it was until the tick', async () => {
    const { samples } = await simulated([{}, { oneWayDelayMs: 200 }], [{ ...PING, every: '250ms' }]);
    expect(samples.map(({ oneWayDelayMs }) => Math.round(oneWayDelayMs!))).toEqual([20, 20, 20, 20, 210, 210, 210, 210]);
  });

  test.each(['constant', 'poisson'])('udp, %s: what is offered arrives, in as many packets as it needs', async (pattern) => {
    const { samples, file } = await simulated(still(20), [{ id: 'u', kind: 'udp', rate_mbps: 2, packet_bytes: 528, pattern }]);
    expect(samples).toHaveLength(20);
    const goodput = samples.map(({ goodputMbps }) => goodputMbps!);
    expect(mean(goodput)).toBeGreaterThan(1.9);
    expect(mean(goodput)).toBeLessThan(2.1);
    // 500 packets a second of 500 bytes; a Poisson process of them varies by 4.5 % a second.
    const spread = Math.max(...goodput.slice(1)) - Math.min(...goodput.slice(1));
    expect(spread).toBeGreaterThan(pattern === 'poisson' ? 0.08 : -1);
    expect(spread).toBeLessThan(pattern === 'poisson' ? 1 : 0.01);
    expect(samples.every(({ lossPct }) => lossPct === 0)).toBe(true);
    expect(file('results/flowmon.xml').toString()).toMatch(pattern === 'poisson' ? /txPackets="\d+"/ : /txPackets="10000" rxPackets="10000" lostPackets="0"/);
  });

  test('loss is that of the link, packet by packet', async () => {
    const { samples, counters } = await simulated([{ lossPct: 10 }, ...still(19)], [{ id: 'u', kind: 'udp', rate_mbps: 5 }]);
    // About 8,500 packets: a standard deviation of 0.33 %.
    expect(Math.abs(mean(samples.map(({ lossPct }) => lossPct)) - 10)).toBeLessThan(1.5);
    expect(counters['lost_packets']).toBeGreaterThan(700);
  });

  test('more than a link carries: the queue fills, the rest is dropped', async () => {
    const { samples, counters } = await simulated(still(5), [{ id: 'u', kind: 'udp', rate_mbps: 20 }]);
    const last = samples.at(-2)!;
    expect(last.goodputMbps!).toBeGreaterThan(9.5);
    expect(last.goodputMbps!).toBeLessThan(10);
    expect(last.lossPct!).toBeGreaterThan(45);
    // 100 packets and those of 100 ms are 183; at 1.2 ms each they take 0.22 s.
    expect(last.oneWayDelayMs!).toBeGreaterThan(220);
    expect(last.oneWayDelayMs!).toBeLessThan(260);
    expect(counters['queue_drops']).toBeGreaterThan(1_000);
  });

  test.each(['newreno', 'cubic', 'bbr'])('tcp %s fills the link, and stops when it is told', async (congestion) => {
    const { samples } = await simulated(still(20), [{ id: 't', kind: 'tcp', congestion, start: '1s', stop: '16s' }]);
    expect(samples).toHaveLength(15);
    expect(mean(samples.slice(5).map(({ goodputMbps }) => goodputMbps))).toBeGreaterThan(8);
    for (const { goodputMbps, rttMs } of samples) {
      expect(goodputMbps!).toBeLessThan(10.1);
      expect(rttMs!).toBeGreaterThan(40);
    }
  });

  test('tcp variants are not one and the same', async () => {
    const runs = await Promise.all(
      ['newreno', 'cubic', 'bbr'].map((congestion) => simulated([{ lossPct: 1 }, ...still(14)], [{ id: 't', kind: 'tcp', congestion }])),
    );
    const [newreno, cubic, bbr] = runs.map(({ samples }) => mean(samples.map(({ goodputMbps }) => goodputMbps)));
    expect(new Set([newreno, cubic, bbr]).size).toBe(3);
  });

  test('tcp with a rate sends no more; it starts when there is a way, and goes on after an outage', async () => {
    const ticks = [{ up: false }, {}, { up: true }, {}, {}, {}, { up: false }, {}, {}, { up: true }, ...still(8)];
    const { samples } = await simulated(ticks, [{ id: 't', kind: 'tcp', rate_mbps: 1 }]);
    const goodput = samples.map(({ goodputMbps }) => goodputMbps!);
    expect(goodput.slice(0, 2)).toEqual([0, 0]);
    expect(goodput[5]!).toBeGreaterThan(0.9);
    expect(goodput[8]!).toBe(0);
    expect(goodput.at(-1)!).toBeGreaterThan(0.9);
    expect(goodput.at(-1)!).toBeLessThan(1.1);
    expect(samples[0]).toMatchObject({ lossPct: 100, hops: null });
  });

  test('tcp with a rate: what could not be sent at its time waits, and is sent as soon as there is room', async () => {
    // 4 Mbit/s offered from the start; the way comes after 5 s and carries 10.
    const { samples } = await simulated([{ up: false }, ...still(4), { up: true }, ...still(9)], [{ id: 't', kind: 'tcp', rate_mbps: 4 }]);
    const goodput = samples.map(({ goodputMbps }) => goodputMbps!);
    expect(goodput.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(Math.max(...goodput)).toBeGreaterThan(9);
    const total = goodput.reduce((sum, each) => sum + each, 0);
    expect(total).toBeGreaterThan(59);
    expect(total).toBeLessThan(60.1);
    expect(goodput.at(-1)).toBeCloseTo(4, 1);
  });

  test('tcp that has stopped leaves the link to others at once', async () => {
    const { samples } = await simulated(still(10), [
      { id: 't', kind: 'tcp', stop: '5s' },
      { ...PING, every: '100ms' },
    ]);
    const rtt = (fromS: number, toS: number) =>
      mean(
        samples
          .filter(({ flow }) => flow === 'p')
          .slice(fromS * 10, toS * 10)
          .map(({ rttMs }) => rttMs),
      );
    expect(rtt(3, 5)).toBeGreaterThan(60);
    expect(rtt(6, 10)).toBeLessThan(41);
  });

  test('same seed, same result, byte by byte; another seed, another one', async () => {
    const once = (seed: number) =>
      simulated(
        [{ lossPct: 5 }, ...still(9)],
        [
          { id: 't', kind: 'tcp' },
          { id: 'u', kind: 'udp', pattern: 'poisson' },
        ],
        { seed },
      );
    const [one, other, another] = await Promise.all([once(7), once(7), once(2 ** 40 + 7)]);
    for (const path of ['results/flowmon.xml', 'results/samples.csv']) {
      expect(one.file(path).length).toBeGreaterThan(500);
      expect(one.file(path).equals(other.file(path))).toBe(true);
      expect(one.file(path).equals(another.file(path))).toBe(false);
    }
  });

  test('pcap: a file for each interface of the nodes that are named, or of the ground nodes', async () => {
    await simulate(still(3), [PING], { config: { pcap: ['a'] } }, ({ file }) => {
      const pcap = file('results/pcap/a~sat.pcap');
      expect(pcap.readUInt32LE(0)).toBe(0xa1b2c3d4);
      // Three requests and three replies of 84 bytes, PPP's 2 and 16 of the file itself.
      expect(pcap.length).toBe(24 + 6 * (16 + 86));
      expect(() => file('results/pcap/b~sat.pcap')).toThrow('ENOENT');
    });
    await simulate(still(3), [PING], { execution: { record_pcap: true } }, ({ file }) => {
      for (const name of ['a~sat', 'b~sat']) expect(file(`results/pcap/${name}.pcap`).length).toBe(24 + 6 * (16 + 86));
      expect(() => file('results/pcap/sat~a.pcap')).toThrow('ENOENT');
    });
  });

  describe.each([4, 6])('IPv%i', (ip_version) => {
    test.each(['ping', 'udp', 'tcp'])('dscp is on the packets: %s', async (kind) => {
      await simulate(still(2), [{ id: 'f', kind, dscp: 46 }], { config: { ip_version, pcap: ['a'] } }, ({ file }) => {
        const pcap = file('results/pcap/a~sat.pcap');
        const classes = new Set<number>();
        for (let at = 24; at < pcap.length; at += 16 + pcap.readUInt32LE(at + 8)) {
          // After the record's own 16 bytes and PPP's 2.
          const start = pcap.readUInt16BE(at + 18);
          const trafficClass = ip_version === 4 ? start & 0xff : (start >> 4) & 0xff;
          classes.add(trafficClass >> 2);
        }
        expect(classes).toContain(46);
      });
    });
  });
});
