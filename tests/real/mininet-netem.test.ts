import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { boot, needUml } from './uml/boot.js';
import {
  addressOf,
  binomialInterval,
  emulate,
  EmulatedRun,
  longestGapMs,
  median,
  OWN_WAY,
  packetsOf,
  quietestMedian,
  type Script,
  STREAM,
} from './uml/emulated-run.js';

const T0 = '2026-11-20T00:00:00Z';
const CONTRACT = fileURLToPath(new URL('uml/contract.ts', import.meta.url));
const BOOT_LIMIT_MS = 240_000;
const place = mkdtempSync(join(tmpdir(), 'satsim-uml-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));
/** Each test may try once more on a machine booted anew: where others take the processor, timers come late. */
const REAL_TIME = { timeout: BOOT_LIMIT_MS, retry: 1 };

/** The first test that asks boots the machine, in a folder of its own; all look at what it has left, until one tries again. Each asks once. */
function once<T>(work: (folder: string) => Promise<T>): (context: TestContext) => Promise<T> {
  let latest: Promise<T> | undefined;
  const seen = new Map<string, Promise<T>>();
  return (context) => {
    needUml(context);
    const { id } = context.task;
    if (latest === undefined || seen.get(id) === latest) latest = work(mkdtempSync(join(place, 'boot-')));
    seen.set(id, latest);
    return latest;
  };
}
const time = (seconds: number) => ({ t0: T0, duration: `${seconds}s`, dt: '1s', mode: 'realtime' });
/** How far the median of RTTs may be from the model's: 1 ms + 1 % + 0.2 ms a hop. */
const toleranceMs = (modelMs: number, hops: number): number => 1 + modelMs * 0.01 + 0.2 * hops;
const ping = { kind: 'ping', every: '200ms' };

const PINGS = 20;

/** Compares the lane with the model that runs beside it, over the same span of the same flow. */
function expectRttOfTheModel(run: EmulatedRun, flow: string, hops: number, span: readonly [number, number]): void {
  const rtts = (lane: string): number[] => run.samples(lane, flow, span).flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]));
  const [measured, model] = [rtts('mininet'), median(rtts('flow'))];
  expect(measured.length).toBeGreaterThanOrEqual(PINGS);
  const rttMs = quietestMedian(measured, PINGS);
  const ways = run.samples('mininet', flow, span).map((sample) => sample.hops);
  expect(new Set(ways)).toEqual(new Set([hops]));
  expect(Math.abs(rttMs - model), `median of ${flow} is ${rttMs} ms, the model says ${model} ms`).toBeLessThanOrEqual(toleranceMs(model, hops));
}

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
  const [ZEROED, SLOWER, FASTER, DOWN, UP, END] = [9, 24, 26, 33, 35, 42];
  const SLOW_MS = 80;
  const script: Script = {
    satellites: ['s1', 's2', 's3', 's4', 's5'],
    grounds: ['home', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
    ticks: {
      0: { set: chain },
      [ZEROED]: { set: chain.map(({ from, to }) => ({ from, to, delayMs: 0 })) },
      [ZEROED + 6]: {
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
  const COUNT = 2400;
  const exec = [
    { node: 'h3', at: '16s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'home', at: '16s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'h2', at: '17s', command: ['python3', STREAM, 'send', '9000', `${COUNT}`, '5', addressOf(script, 'h3'), addressOf(script, 'home')] },
  ];
  const hops = [1, 2, 3, 4, 5, 6];
  const traffic = [
    ...hops.map((n) => ({ id: `hops-${n}`, from: 'home', to: `h${n}`, ...ping, start: '2s', stop: '15s' })),
    { id: 'carrier', from: 'h5', to: 'h4', ...ping, start: '31s' },
  ];
  const delays = once(async (folder) => {
    await boot(folder, emulate(folder, 'delays', { time: time(END), traffic, mininet: { exec, shaping: { read_back_every: 5 } } }, script), BOOT_LIMIT_MS);
    return new EmulatedRun(folder, 'delays', T0);
  });

  for (const n of hops) {
    it(`${n} hops take as long as the model says`, async (context) => {
      expectRttOfTheModel(await delays(context), `hops-${n}`, n, [3, ZEROED]);
    });
  }

  it('nothing is left of delays that go back to zero', async (context) => {
    const run = await delays(context);
    for (const n of hops) expectRttOfTheModel(run, `hops-${n}`, n, [ZEROED + 0.5, ZEROED + 6]);
  });

  it('a delay that changes under a flow loses no packet and makes no gap', async (context) => {
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
    expect(after.length).toBeGreaterThanOrEqual(20);
    expect(after.filter((sample) => sample.lossPct > 0)).toEqual([]);
    expectRttOfTheModel(run, 'carrier', 3, [UP + 1, END]);
  });

  it('the kernel had all of it at every comparison', async (context) => {
    const compared = (await delays(context)).lines('lanes/mininet/read_back.jsonl') as {
      tickIndex: number;
      requested: { delayUs: number };
      applied: { delayUs: number };
    }[];
    expect(new Set(compared.map(({ tickIndex }) => tickIndex))).toEqual(new Set([0, 5, 10, 15, 20, 25, 30, 35, 40, END - 1]));
    for (const { requested, applied } of compared) expect(Math.abs(requested.delayUs - applied.delayUs)).toBeLessThanOrEqual(1.001);
  });
});

describe('loss and rate', REAL_TIME, () => {
  const [LOSSLESS, MOVED, END] = [25, 35, 48];
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
      [LOSSLESS]: { set: [{ from: 'l1', to: 'x1', delayMs: 1 }] },
      // A handover: t1 goes from one satellite to another.
      [MOVED]: { set: [{ from: 't1', to: 'x3', delayMs: 4, mbps: 20 }], remove: [{ from: 't1', to: 'x2' }] },
    },
  };
  const to = (node: string): string => addressOf(script, node);
  const [LOSSY, CLEAN] = [10_000, 2_000];
  const exec = [
    { node: 'l2', at: '9s', command: ['python3', STREAM, 'receive', '9000'] },
    { node: 'l1', at: '10s', command: ['python3', STREAM, 'send', '9000', `${LOSSY}`, '0.8', to('l2')] },
    { node: 'l2', at: '25s', command: ['python3', STREAM, 'receive', '9001'] },
    { node: 'l1', at: '26s', command: ['python3', STREAM, 'send', '9001', `${CLEAN}`, '1', to('l2')] },
    { node: 't2', at: '22s', command: ['iperf3', '--server', '--one-off', '--format', 'k', '--interval', '1'] },
    { node: 't1', at: '26s', command: ['iperf3', '--client', to('t2'), '--time', '15', '--format', 'k'] },
  ];
  const traffic = [{ id: 'udp', from: 'r1', to: 'l2', kind: 'udp', rate_mbps: 8, packet_bytes: 1428, start: '1s', stop: '10s' }];
  const loaded = once(async (folder) => {
    await boot(folder, emulate(folder, 'loaded', { time: time(END), traffic, mininet: { exec } }, script), BOOT_LIMIT_MS);
    return new EmulatedRun(folder, 'loaded', T0);
  });

  it('as many packets are lost as a loss of 10 % loses', async (context) => {
    const [least, most] = binomialInterval(LOSSY, LOST);
    const packets = packetsOf((await loaded(context)).output(1, 'l2').printed);
    expect(packets.length).toBeGreaterThanOrEqual(least);
    expect(packets.length).toBeLessThanOrEqual(most);
  });

  it('no packet is lost once the loss has gone back to zero', async (context) => {
    expect(packetsOf((await loaded(context)).output(3, 'l2').printed)).toHaveLength(CLEAN);
  });

  it('the rate is that of the link', async (context) => {
    expectRate(await loaded(context), RATE_MBPS);
  });

  it('TCP fills a path of high bandwidth and delay, and its connection survives a handover', async (context) => {
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

describe('orbits, switches, and the way without satsim', REAL_TIME, () => {
  const [ORBIT_END, MOVED, END] = [14, 12, 26];
  const walker = { name: 'W', pattern: 'delta', planes: 3, per_plane: 3, altitude_km: 8000, inclination_deg: 55, phasing: 1 };
  const orbits = {
    time: time(ORBIT_END),
    constellation: [{ walker }],
    ground: [
      { id: 'oslo', lat: 59.91, lon: 10.75 },
      { id: 'nairobi', lat: -1.29, lon: 36.82 },
      { id: 'honolulu', lat: 21.31, lon: -157.86 },
    ],
    links: { isl: { pattern: 'plus_grid', capacity_mbps: 100 }, gsl: { min_elevation_deg: 10, capacity_mbps: 50, loss_pct: 0 } },
    traffic: [
      { id: 'oslo-nairobi', from: 'oslo', to: 'nairobi', ...ping },
      { id: 'oslo-honolulu', from: 'oslo', to: 'honolulu', ...ping },
    ],
  };
  const script: Script = {
    satellites: ['s1', 's2', 's3'],
    grounds: ['a', 'b', 'c'],
    ticks: {
      0: {
        set: [
          { from: 'a', to: 's1', delayMs: 2, mbps: 5 },
          { from: 's1', to: 's2', delayMs: 5.5 },
          { from: 's2', to: 's3', delayMs: 7.25 },
          { from: 's3', to: 'b', delayMs: 3 },
          { from: 's2', to: 'c', delayMs: 1 },
        ],
      },
      [MOVED]: { set: [{ from: 'b', to: 's2', delayMs: 4 }], remove: [{ from: 'b', to: 's3' }] },
    },
  };
  const switches = {
    time: time(END),
    traffic: [
      { id: 'far', from: 'a', to: 'b', kind: 'ping', every: '100ms', start: '2s', stop: '18s' },
      { id: 'udp', from: 'a', to: 'c', kind: 'udp', rate_mbps: 8, packet_bytes: 1428, start: '18s' },
    ],
    mininet: { topo: { satellites: 'switch' }, shaping: { rate: 'htb' } },
  };
  const several = once(async (folder) => {
    const openvswitch = [
      'mkdir -p /run/openvswitch && ovsdb-tool create /run/ovs.db',
      'ovsdb-server /run/ovs.db --remote=punix:/run/openvswitch/db.sock --pidfile --detach --log-file=/dev/null',
      'ovs-vsctl --no-wait init && ovs-vswitchd --pidfile --detach --log-file=/dev/null',
    ];
    const commands = [
      emulate(folder, 'orbits', orbits),
      ...openvswitch,
      emulate(folder, 'switches', switches, script),
      `/usr/bin/python3 ${OWN_WAY} ${STREAM} >own-way.json`,
    ];
    await boot(folder, ['set -e', ...commands].join('\n'), BOOT_LIMIT_MS);
    const ownWay = JSON.parse(readFileSync(join(folder, 'own-way.json'), 'utf8')) as { packets: unknown; lossAfter: string };
    return { orbits: new EmulatedRun(folder, 'orbits', T0), switches: new EmulatedRun(folder, 'switches', T0), ownWay };
  });

  it('nine satellites in orbit: RTT as the model says', async (context) => {
    const { orbits: run } = await several(context);
    for (const flow of ['oslo-nairobi', 'oslo-honolulu']) {
      const { hops } = run.samples('flow', flow)[0]!;
      expectRttOfTheModel(run, flow, hops!, [1, ORBIT_END]);
    }
  });

  it('kernel switches with built-in flows, htb above netem: RTT as the model says, before and after a handover', async (context) => {
    const { switches: run } = await several(context);
    expectRttOfTheModel(run, 'far', 4, [3, MOVED - 1]);
    expectRttOfTheModel(run, 'far', 3, [MOVED + 0.5, 18]);
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

describe('the contract of lanes, over a kernel with netem', REAL_TIME, () => {
  const told = once(async (folder) => {
    await boot(folder, `${process.execPath} ${CONTRACT} >rules.jsonl`, BOOT_LIMIT_MS);
    const lines = readFileSync(join(folder, 'rules.jsonl'), 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line) as { readonly rule: string; readonly failure: string | null });
  });

  it('every rule is kept', async (context) => {
    const rules = await told(context);
    expect(rules.length).toBe(8);
    expect(rules.filter(({ failure }) => failure !== null)).toEqual([]);
  });
});
