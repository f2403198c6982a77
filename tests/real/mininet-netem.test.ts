import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { boot } from './uml/boot.js';
import { addressOf, binomialInterval, emulate, EmulatedRun, longestGapMs, median, OWN_WAY, packetsOf, type Script, STREAM } from './uml/emulated-run.js';
import { BOOT_LIMIT_MS, expectRttOfTheModel, once, REAL_TIME, T0, time } from './uml/measured.js';
import { OPEN_VSWITCH } from './uml/open-vswitch.js';

const place = mkdtempSync(join(tmpdir(), 'satsim-uml-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const ping = { kind: 'ping', every: '100ms' };

/** The flow `udp`, which is offered more than its link takes, gets what the link has: over any three seconds, within 6 %. */
function expectRate(run: EmulatedRun, mbps: number): void {
  // Of a packet of 1428 bytes 1400 are counted as goodput; the link carries its Ethernet header as well.
  const rates = run.samples('mininet', 'udp').flatMap(({ goodputMbps }) => (goodputMbps ? [(goodputMbps * 1442) / 1400] : []));
  expect(rates.length).toBeGreaterThanOrEqual(4);
  const averages = rates.slice(2).map((rate, i) => (rates[i]! + rates[i + 1]! + rate) / 3);
  expect(Math.abs(median(averages) - mbps), `rates of ${rates.join(', ')} Mbit/s`).toBeLessThanOrEqual(mbps * 0.06);
}

describe('delays', REAL_TIME, () => {
  // Ground node h<n> is n hops from home.
  const chain = [
    { from: 'home', to: 's1', delayMs: 4.321 },
    ...[7.25, 3.5, 11.75, 2.125].map((delayMs, i) => ({ from: `s${i + 1}`, to: `s${i + 2}`, delayMs })),
    { from: 'home', to: 'h1', delayMs: 12.345 },
    ...[1, 2, 3, 4, 5].map((n) => ({ from: `s${n}`, to: `h${n + 1}`, delayMs: n * 1.1 })),
  ];
  const [ZEROED, BACK, SLOWER, FASTER, DOWN, UP, END] = [6, 10, 15, 17, 22, 24, 29];
  const SLOW_MS = 80;
  const script: Script = {
    satellites: ['s1', 's2', 's3', 's4', 's5'],
    grounds: ['home', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
    ticks: {
      0: { set: chain },
      [ZEROED]: { set: chain.map(({ from, to }) => ({ from, to, delayMs: 0 })) },
      [BACK]: {
        set: [
          { from: 's1', to: 's2', delayMs: 20 },
          { from: 's1', to: 'home', delayMs: 20 },
        ],
      },
      [SLOWER]: { set: [{ from: 's1', to: 's2', delayMs: 20 + SLOW_MS }] },
      [FASTER]: { set: [{ from: 's1', to: 's2', delayMs: 20 }] },
      [DOWN]: { set: [{ from: 's3', to: 'h4', up: false }] },
      [UP]: { set: [{ from: 's3', to: 'h4', delayMs: 8 }] },
    },
  };
  const COUNT = 1400;
  const exec = [
    { node: 'h3', at: '10s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'home', at: '10s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'h2', at: '11s', command: ['python3', STREAM, 'send', '9000', `${COUNT}`, '5', addressOf(script, 'h3'), addressOf(script, 'home')] },
  ];
  const hops = [1, 2, 3, 4, 5, 6];
  const traffic = [
    ...hops.map((n) => ({ id: `hops-${n}`, from: 'home', to: `h${n}`, ...ping, start: '1s', stop: `${BACK}s` })),
    { id: 'carrier', from: 'h5', to: 'h4', ...ping, start: '20s' },
  ];
  const delays = once(place, async (folder) => {
    await boot(folder, emulate(folder, 'delays', { time: time(END), traffic, mininet: { exec, shaping: { read_back_every: 5 } } }, script), BOOT_LIMIT_MS);
    return new EmulatedRun(folder, 'delays', T0);
  });

  for (const n of hops) {
    it(`${n} hops take as long as the model says`, async (context) => {
      expectRttOfTheModel(await delays(context), `hops-${n}`, n, [2, ZEROED]);
    });
  }

  it('Mininet, TCIntf.config: it returned early when all values were empty. Delays go back to zero, and nothing is left of them', async (context) => {
    const run = await delays(context);
    for (const n of hops) expectRttOfTheModel(run, `hops-${n}`, n, [ZEROED + 0.5, BACK]);
  });

  it('Mininet, pull request 650: queueing disciplines were deleted and made anew. A delay that changes under a flow loses no packet and makes no gap', async (context) => {
    const run = await delays(context);
    const [changed, control] = [packetsOf(run.output(1, 'h3').printed), packetsOf(run.output(2, 'home').printed)];
    for (const packets of [changed, control]) expect(packets.map(({ number }) => number)).toEqual(Array.from({ length: COUNT }, (_, number) => number));
    // It really happened: packets took as much longer, and as much less afterwards.
    const tookMs = changed.map(({ sentMs, receivedMs }, i) => receivedMs - sentMs - (control[i]!.receivedMs - control[i]!.sentMs));
    expect(tookMs.filter((ms) => ms > SLOW_MS - 10).length).toBeGreaterThan(100);
    expect(median(tookMs.slice(-100))).toBeLessThan(SLOW_MS / 2);
    expect(longestGapMs(changed, control)).toBeLessThanOrEqual(SLOW_MS + 20);
  });

  it('a link that is down carries nothing, and is there again when it is up', async (context) => {
    const run = await delays(context);
    const lossPct = (span: readonly [number, number]): number[] => run.samples('mininet', 'carrier', span).map((sample) => sample.lossPct);
    expect(new Set(lossPct([DOWN + 0.5, UP - 0.2]))).toEqual(new Set([100]));
    const after = run.samples('mininet', 'carrier', [UP + 1, END]);
    expect(after.length).toBeGreaterThanOrEqual(30);
    expect(after.filter((sample) => sample.lossPct > 0)).toEqual([]);
    expectRttOfTheModel(run, 'carrier', 3, [UP + 1, END]);
  });

  it('the kernel had all of it at every comparison', async (context) => {
    const compared = (await delays(context)).lines('lanes/mininet/read_back.jsonl') as {
      tickIndex: number;
      requested: { delayUs: number };
      applied: { delayUs: number };
    }[];
    // Five ticks for all nodes, and all of them at the end.
    expect(new Set(compared.map(({ tickIndex }) => tickIndex))).toEqual(new Set(Array.from({ length: END }, (_, tick) => tick)));
    for (const { requested, applied } of compared) expect(Math.abs(requested.delayUs - applied.delayUs)).toBeLessThanOrEqual(1.001);
  });
});

describe('loss and rate', REAL_TIME, () => {
  const [SLOWED, LOSSLESS, MOVED, END] = [13, 21, 29, 39];
  const [LOST, RATE_MBPS] = [0.1, 5];
  const script: Script = {
    satellites: ['x1', 'x2', 'x3'],
    grounds: ['l1', 'l2', 'r1', 't1', 't2'],
    ticks: {
      0: {
        set: [
          { from: 'l1', to: 'x1', delayMs: 1, lossPct: LOST * 100, one_way: true },
          { from: 'x1', to: 'l1', delayMs: 1, one_way: true },
          { from: 'x1', to: 'l2', delayMs: 1 },
          { from: 'x1', to: 'x2', delayMs: 1 },
          { from: 'r1', to: 'x2', delayMs: 2, mbps: RATE_MBPS },
          { from: 't1', to: 'x2', delayMs: 3, mbps: 20 },
          { from: 'x2', to: 't2', delayMs: 100 },
          { from: 'x2', to: 'x3', delayMs: 1 },
        ],
      },
      // In the middle of the packets that are counted: the loss stays.
      [SLOWED]: { set: [{ from: 'l1', to: 'x1', delayMs: 3, lossPct: LOST * 100, one_way: true }] },
      [LOSSLESS]: { set: [{ from: 'l1', to: 'x1', delayMs: 1 }] },
      // A handover: t1 goes from one satellite to another.
      [MOVED]: { set: [{ from: 't1', to: 'x3', delayMs: 4, mbps: 20 }], remove: [{ from: 't1', to: 'x2' }] },
    },
  };
  const to = (node: string): string => addressOf(script, node);
  const [LOSSY, CLEAN] = [10_000, 2_000];
  const exec = [
    { node: 'l2', at: '6s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'l1', at: '7s', command: ['python3', STREAM, 'send', '9000', `${LOSSY}`, '0.8', to('l2')] },
    { node: 'l2', at: `${LOSSLESS}s`, command: ['python3', STREAM, 'receive', '9001'] },
    { node: 'l1', at: `${LOSSLESS}s`, command: ['python3', STREAM, 'send', '9001', `${CLEAN}`, '1', to('l2')] },
    { node: 't2', at: '17s', command: ['iperf3', '--server', '--one-off', '--format', 'k', '--interval', '1'] },
    { node: 't1', at: '20s', command: ['iperf3', '--client', to('t2'), '--time', '13', '--format', 'k'] },
  ];
  const traffic = [{ id: 'udp', from: 'r1', to: 'l2', kind: 'udp', rate_mbps: 8, packet_bytes: 1428, start: '1s', stop: '8s' }];
  const loaded = once(place, async (folder) => {
    await boot(folder, emulate(folder, 'loaded', { time: time(END), traffic, mininet: { exec } }, script), BOOT_LIMIT_MS);
    return new EmulatedRun(folder, 'loaded', T0);
  });

  it('StarryNet: a change of the delay set the loss to 0. As many packets are lost as 10 % are, though the delay changes among them', async (context) => {
    const [least, most] = binomialInterval(LOSSY, LOST);
    const packets = packetsOf((await loaded(context)).output(1, 'l2').printed);
    expect(packets.length).toBeGreaterThanOrEqual(least);
    expect(packets.length).toBeLessThanOrEqual(most);
  });

  it('Mininet, TCIntf.config: no packet is lost once the loss has gone back to zero', async (context) => {
    expect(packetsOf((await loaded(context)).output(3, 'l2').printed)).toHaveLength(CLEAN);
  });

  it('the rate is that of the link', async (context) => {
    expectRate(await loaded(context), RATE_MBPS);
  });

  it('Mininet, pull request 1252: a burst of 15 KB. TCP fills a path of high bandwidth and delay, and its connection survives a handover', async (context) => {
    const run = await loaded(context);
    const [server, client] = [run.output(5, 't2'), run.output(6, 't1')];
    expect([server.ended, client.ended], `${server.printed}\n${client.printed}`).toEqual(['exit code 0', 'exit code 0']);
    const kbits = [...server.printed.matchAll(/sec +[\d.]+ \w+ +([\d.]+) Kbits\/sec/g)].map(([, value]) => Number(value));
    // A segment of 1448 bytes makes a frame of 1514. The first two seconds are the slow start, the last interval is a rest.
    const rates = kbits.slice(2, -2).map((value) => ((value / 1000) * 1514) / 1448);
    expect(rates.length).toBeGreaterThanOrEqual(10);
    // What the processor of the emulated machine leaves undone is not the link's: it may be less, never more.
    expect(median(rates)).toBeGreaterThan(20 * 0.75);
    expect(median(rates)).toBeLessThanOrEqual(20 * 1.06);
    // After the handover it goes on, by the same connection.
    expect(server.printed.match(/ connected to /g)).toHaveLength(1);
    expect(median(rates.slice(-3))).toBeGreaterThan(20 / 2);
    const moved = run.lines('lanes/mininet/changes.jsonl') as { tickIndex: number; linkId: string; removed: boolean }[];
    expect(moved.filter(({ tickIndex, removed }) => tickIndex === MOVED && removed).map(({ linkId }) => linkId)).toEqual(['gsl:x2>t1', 'gsl:t1>x2']);
  });
});

describe('switches, and the way without satsim', REAL_TIME, () => {
  const [MOVED, LOADED, END] = [8, 12, 19];
  const script: Script = {
    satellites: ['s1', 's2', 's3'],
    grounds: ['a', 'b', 'c', 'd', 'gate', 'inner'],
    relays: ['gate'],
    ticks: {
      0: {
        set: [
          { from: 'a', to: 's1', delayMs: 2, mbps: 5 },
          { from: 'd', to: 's1', delayMs: 1.5 },
          { from: 's1', to: 's2', delayMs: 5.5 },
          { from: 's2', to: 's3', delayMs: 7.25 },
          { from: 's1', to: 's3', up: false },
          { from: 's3', to: 'b', delayMs: 3 },
          { from: 's2', to: 'c', delayMs: 1 },
          { from: 's3', to: 'gate', delayMs: 2 },
          { from: 'gate', to: 'inner', delayMs: 0.5 },
        ],
      },
      [MOVED]: {
        set: [
          { from: 'b', to: 's2', delayMs: 4 },
          { from: 's1', to: 's3', delayMs: 6 },
        ],
        remove: [{ from: 'b', to: 's3' }],
      },
    },
  };
  const switches = {
    time: time(END),
    traffic: [
      { id: 'far', from: 'a', to: 'b', ...ping, start: '1s', stop: `${LOADED}s` },
      { id: 'relayed', from: 'd', to: 'inner', ...ping, start: '1s', stop: `${LOADED}s` },
      { id: 'udp', from: 'a', to: 'c', kind: 'udp', rate_mbps: 8, packet_bytes: 1428, start: `${LOADED}s` },
    ],
    mininet: { topo: { satellites: 'switch', gsl_links: 'all' }, shaping: { rate: 'htb' } },
  };
  const several = once(place, async (folder) => {
    const commands = [...OPEN_VSWITCH, emulate(folder, 'switches', switches, script), `/usr/bin/python3 ${OWN_WAY} ${STREAM} >own-way.json`];
    await boot(folder, commands.join('\n'), BOOT_LIMIT_MS);
    const ownWay = JSON.parse(readFileSync(join(folder, 'own-way.json'), 'utf8')) as { packets: unknown; lossAfter: string };
    return { switches: new EmulatedRun(folder, 'switches', T0), ownWay };
  });

  it('kernel switches with built-in flows, htb above netem: RTT as the model says, before and after a handover', async (context) => {
    const { switches: run } = await several(context);
    expectRttOfTheModel(run, 'far', 4, [2, MOVED - 1]);
    expectRttOfTheModel(run, 'far', 3, [MOVED + 0.5, LOADED]);
  });

  it('a link that is down from the beginning passes nothing until it is up, and a ground node behind a switch relays', async (context) => {
    const { switches: run } = await several(context);
    expectRttOfTheModel(run, 'relayed', 5, [2, MOVED - 1]);
    expectRttOfTheModel(run, 'relayed', 4, [MOVED + 0.5, LOADED]);
  });

  it('htb limits the rate', async (context) => {
    expectRate((await several(context)).switches, 5);
  });

  it("Mininet's own way loses the packets that are under way, and keeps a loss that is set to zero", async (context) => {
    const { ownWay } = await several(context);
    const packets = packetsOf(JSON.stringify(ownWay.packets));
    expect(packets.length).toBeLessThan(1200 - 10);
    expect(ownWay.lossAfter).toContain('loss 10%');
  });
});
