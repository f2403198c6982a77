import { expect, it } from 'vitest';
import { describeOmnet, PAIR_ROUTES, play } from '../omnet.test-helper.js';

const PING = { id: 'p', from: 'a', to: 'b', kind: 'ping', every: '100ms' };
/** 84 bytes at 1 Gbit/s, there or back. */
const WIRE_S = (84 * 8) / 1e9;

describeOmnet('links, as OMNeT++ has them', { timeout: 120_000 }, () => {
  it('a delay, a rate and both ways count; what is not on the way does not', async () => {
    const { samples } = await play({ links: ['0,0.000,0,1,0.010000000,1000000,0.000000000', '0,0.000,1,1,0.020000000,2000000,0.000000000'], flows: [PING] });
    expect(samples).toHaveLength(40);
    for (const { rtt, owd, loss, path } of samples) {
      expect(owd).toBeCloseTo(0.01 + (84 * 8) / 1e6, 9);
      expect(rtt).toBeCloseTo(0.03 + (84 * 8) / 1e6 + (84 * 8) / 2e6, 9);
      expect([loss, path]).toEqual([0, '0>1']);
    }
  });

  it('when the delay falls, packets that leave later do not overtake: they arrive with those before them', async () => {
    const { samples } = await play({
      links: [
        '0,0.000,0,1,0.500000000,1000000000,0.000000000',
        '0,0.000,1,1,0.000000000,1000000000,0.000000000',
        '1,1.000,0,1,0.010000000,1000000000,0.000000000',
      ],
      flows: [PING],
    });
    const arrivals = samples.map(({ t, owd }) => t + owd!);
    expect(arrivals).toEqual([...arrivals].sort((a, b) => a - b));
    const owd = (t: number) => samples.find((sample) => Math.abs(sample.t - t) < 1e-9)!.owd;
    expect(owd(0.9)).toBeCloseTo(0.5 + WIRE_S, 9);
    // Sent at 1.0 s, they would be there at 1.01 s; the one before them arrives at 1.4 s.
    expect(owd(1)).toBeCloseTo(0.4 + WIRE_S, 9);
    expect(owd(1.3)).toBeCloseTo(0.1 + WIRE_S, 9);
    expect(owd(1.4)).toBeCloseTo(0.01 + WIRE_S, 9);
  });

  const SLOW_CUT_FAST = [
    '0,0.000,0,1,0.500000000,1000000000,0.000000000',
    '0,0.000,1,1,0.000000000,1000000000,0.000000000',
    '1,1.000,0,0,0.500000000,1000000000,0.000000000',
    '2,1.100,0,1,0.010000000,1000000000,0.000000000',
  ];

  it('packets that were cut hold nobody back', async () => {
    const slowCutFast = { links: SLOW_CUT_FAST, flows: [PING], dtMs: 100, ticks: 20 };
    const owdOf = ({ samples }: { readonly samples: readonly { readonly t: number; readonly owd: number | null }[] }) =>
      samples.find(({ t }) => Math.abs(t - 1.1) < 1e-9)!.owd;
    // Sent at 0.9 s, the last packet before the cut would have arrived at 1.4 s.
    expect(owdOf(await play(slowCutFast))).toBeCloseTo(0.01 + WIRE_S, 9);
    expect(owdOf(await play({ ...slowCutFast, config: { in_flight: 'deliver' } }))).toBeCloseTo(0.3 + WIRE_S, 9);
  });

  const CUT = [
    '0,0.000,0,1,0.250000000,1000000000,0.000000000',
    '0,0.000,1,1,0.010000000,1000000000,0.000000000',
    '1,1.000,0,0,0.250000000,1000000000,0.000000000',
    '2,2.000,0,1,0.250000000,1000000000,0.000000000',
  ];

  it('what is on its way when a link goes down is lost, and what is sent then too; afterwards all is as before', async () => {
    const { samples, counters } = await play({ links: CUT, flows: [PING] });
    const lost = samples.filter(({ loss }) => loss === 1).map(({ t }) => t);
    // 0.8 and 0.9 are on their way at 1.0.
    expect(lost).toEqual([0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9]);
    expect(counters).toMatchObject({ cut_packets: 2, no_route: 10, lost_packets: 0, queue_drops: 0, sent_packets: 40 + 28, delivered_packets: 56 });
    expect(samples.filter(({ loss, rtt, owd }) => loss === 1 && (rtt !== null || owd !== null))).toEqual([]);
  });

  it('with in_flight: deliver what is on its way still arrives', async () => {
    const { samples, counters } = await play({ links: CUT, flows: [PING], config: { in_flight: 'deliver' } });
    expect(samples.filter(({ loss }) => loss === 1).map(({ t }) => t)).toEqual([1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9]);
    expect(counters['cut_packets']).toBe(0);
  });

  it('a link that comes and goes within the time that a packet takes cuts it all the same', async () => {
    const { samples } = await play({
      links: [
        '0,0.000,0,1,0.900000000,1000000000,0.000000000',
        '0,0.000,1,1,0.010000000,1000000000,0.000000000',
        '1,0.100,0,0,0.9,1000000000,0.0',
        '2,0.200,0,1,0.9,1000000000,0.0',
      ],
      flows: [{ ...PING, stop: '300ms' }],
      dtMs: 100,
      ticks: 10,
    });
    expect(samples.map(({ t, loss }) => [t, loss])).toEqual([
      [0, 1],
      [0.1, 1],
      [0.2, 0],
    ]);
  });

  it('what waits in the queue of a link that goes down is lost as well', async () => {
    const { counters } = await play({
      links: ['0,0.000,0,1,0.001000000,1000000,0.000000000', '1,1.000,0,0,0.001000000,1000000,0.000000000'],
      flows: [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 1.2, stop: '1s' }],
    });
    // 102 datagrams of 12 ms within 1 s at 1.2 times the rate: 84 go out, the others wait or are on the wire.
    expect(counters['cut_packets']).toBeGreaterThanOrEqual(18);
    expect(counters['sent_packets']).toBe(counters['cut_packets']! + counters['delivered_packets']!);
  });

  it('with in_flight: deliver what waits in the queue goes by the routes of that tick', async () => {
    const link = (tick: number, number: number, up: number) => `${tick},${tick}.000,${number},${up},0.001000000,1000000,0.000000000`;
    const detour = {
      nodes: ['a', 'b', 'c'],
      pairs: [
        [0, 1],
        [0, 2],
        [1, 2],
      ] as const,
      links: [link(0, 0, 1), link(0, 2, 1), link(0, 5, 1), link(1, 0, 0)],
      routes: ['0,0.000,0,1,0', '0,0.000,2,1,5', '1,1.000,0,1,2'],
      flows: [{ id: 'u', from: 'a', to: 'b', kind: 'udp', rate_mbps: 1.2, stop: '1s' }],
    };
    const { counters, samples } = await play({ ...detour, config: { in_flight: 'deliver' } });
    expect(counters).toMatchObject({ cut_packets: 0, no_route: 0, delivered_packets: counters['sent_packets'] });
    expect(samples).toHaveLength(1);
    expect((await play(detour)).counters['cut_packets']).toBeGreaterThanOrEqual(18);
  });

  it('a network without links is one', async () => {
    const { samples, applied } = await play({ pairs: [], links: [], routes: [], flows: [{ ...PING, every: '1s' }] });
    expect(samples.map(({ loss, path }) => [loss, path])).toEqual(Array.from({ length: 4 }, () => [1, '']));
    expect(applied).toEqual([]);
  });

  it('links and routes of a tick are in force for packets of the same time; before its first row a link is not there', async () => {
    const { samples } = await play({
      links: ['1,1.000,0,1,0.010000000,1000000000,0.000000000', '1,1.000,1,1,0.010000000,1000000000,0.000000000'],
      routes: ['1,1.000,0,1,0', '1,1.000,1,0,1'],
      flows: [{ ...PING, every: '500ms' }],
      ticks: 2,
    });
    expect(samples.map(({ t, loss, path }) => [t, loss, path])).toEqual([
      [0, 1, ''],
      [0.5, 1, ''],
      [1, 0, '0>1'],
      [1.5, 0, '0>1'],
    ]);
  });

  it('a new rate is that of packets sent from then on; a packet on the wire keeps its own', async () => {
    const { samples } = await play({
      // 84 bytes at 1 kbit/s take 672 ms.
      links: ['0,0.000,0,1,0.000000000,1000,0.000000000', '0,0.000,1,1,0.000000000,1000000000,0.000000000', '1,1.000,0,1,0.000000000,1000000,0.000000000'],
      flows: [{ ...PING, every: '700ms' }],
    });
    expect(samples.slice(0, 3).map(({ owd }) => Math.round(owd! * 1e6))).toEqual([672_000, 672_000, 672]);
  });

  it('loss is drawn for each packet, by seed and link, whatever other links carry', async () => {
    const lossy = (loss: string) => [`0,0.000,0,1,0.001000000,1000000000,${loss}`, '0,0.000,1,1,0.001000000,1000000000,0.000000000'];
    const flows = [{ ...PING, every: '1ms' }];
    const half = await play({ links: lossy('0.500000000'), flows });
    const lostOf = ({ samples }: { readonly samples: readonly { readonly flow: number; readonly loss: number | null }[] }) =>
      samples.filter(({ flow }) => flow === 0).map(({ loss }) => loss);
    const lost = lostOf(half).filter((loss) => loss === 1).length;
    expect(lost).toBeGreaterThan(1_850);
    expect(lost).toBeLessThan(2_150);
    expect(half.counters['lost_packets']).toBe(lost);
    expect(lostOf(await play({ links: lossy('0.500000000'), flows }))).toEqual(lostOf(half));
    expect(lostOf(await play({ links: lossy('0.500000000'), flows, seed: 2 }))).not.toEqual(lostOf(half));
    const busier = await play({
      nodes: ['a', 'b', 'c', 'd'],
      pairs: [
        [0, 1],
        [2, 3],
      ],
      links: [...lossy('0.500000000'), '0,0.000,2,1,0.001000000,1000000000,0.300000000'],
      routes: [...PAIR_ROUTES, '0,0.000,2,3,2'],
      flows: [...flows, { id: 'other', from: 'c', to: 'd', kind: 'udp', rate_mbps: 3, pattern: 'poisson' }],
    });
    expect(lostOf(busier)).toEqual(lostOf(half));
    expect((await play({ links: lossy('1.000000000'), flows })).samples.every(({ loss }) => loss === 1)).toBe(true);
  });

  it('tells the links that it knows as it has them: those that left are gone, those that are down are not', async () => {
    const { applied, counters } = await play({
      nodes: ['a', 'b', 'c'],
      pairs: [
        [0, 1],
        [1, 2],
      ],
      links: [
        '0,0.000,0,1,0.010000001,5000000,0.015000000',
        '0,0.000,1,1,0.020000000,6000000,0.000000000',
        '0,0.000,2,1,0.030000000,7000000,1.000000000',
        '1,1.000,1,0,,,',
        '1,1.000,2,0,0.030000000,0,1.000000000',
      ],
      routes: [],
    });
    expect(applied).toEqual(['3,0,1,0.010000001,5000000,0.015000000', '3,2,0,0.030000000,7000000,1.000000000']);
    expect(counters).toMatchObject({ link_rows: 5, route_rows: 0 });
  });
});
