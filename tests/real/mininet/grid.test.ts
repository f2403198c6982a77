import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, type FinishedRun, until, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, namespacesOf, packetTimes, prefixOf, remainders } from './machine.js';
import { GRID, small } from './scenarios.js';

interface Sample {
  readonly lane: string;
  readonly flow: string;
  readonly simTimeMs: number;
  readonly rttMs: number | null;
  readonly lossPct: number;
  readonly goodputMbps: number | null;
  readonly hops: number | null;
  readonly pathHash: string | null;
  readonly path?: readonly string[];
}

interface Compared {
  readonly linkId: string;
  readonly requested: { readonly rateBps: number; readonly carrier: boolean };
  readonly applied: { readonly rateBps: number; readonly carrier: boolean; readonly delayUs: unknown; readonly lossPct: unknown };
}

const T0_MS = Date.parse('2026-11-20T00:00:00Z');
const TICKS = 24;
/** From the fault's first to its last tick. */
const FAULT = { fromS: 8, toS: 14 };
/** A sample so near to a change may belong to either side of it. */
const EDGE_S = 0.4;

describe.skipIf(lacksMininet('iperf3', 'tcpdump', 'traceroute'))('66 routers and four hosts, as the flow lane computes them', () => {
  const place = workplace();
  let run: FinishedRun;
  let lane: ReturnType<typeof laneOf>;
  let samples: readonly Sample[];
  let namespaces: readonly string[];
  let beside: FinishedRun & { readonly namespaces: readonly string[]; readonly prefix: string };
  let captured: string;

  const tickOf = (simTimeMs: number): number => Math.floor((simTimeMs - T0_MS) / 1000);
  const of = (laneName: string, flow: string): readonly Sample[] => samples.filter((sample) => sample.lane === laneName && sample.flow === flow);
  const model = (flow: string, tick: number): Sample | undefined => of('flow', flow).find(({ simTimeMs }) => tickOf(simTimeMs) === tick);
  const nearFault = (simTimeMs: number): boolean =>
    [FAULT.fromS, FAULT.toS].some((edgeS) => Math.abs((simTimeMs - T0_MS) / 1000 - edgeS) < EDGE_S) || (simTimeMs - T0_MS) % 1000 > 1000 * (1 - EDGE_S / 4);
  beforeAll(async () => {
    const begun = place.start('run', place.write('grid.satsim.yaml', GRID), '--format', 'json');
    await until(() => place.runs().length === 1);
    const [gridId] = place.runs();
    // At the same time another run, which ends earlier.
    const other = place.start('run', place.write('small.satsim.yaml', small({ seconds: 6 })), '--format', 'json');
    await until(() => place.runs().length === 2);
    const otherId = place.runs().find((id) => id !== gridId)!;
    const [grid, second] = [laneOf(place, gridId!), laneOf(place, otherId)];
    await until(() => grid.has('node_map.json') && second.has('node_map.json'), 40_000);
    namespaces = namespacesOf(grid.nodes());
    const seen = { namespaces: namespacesOf(second.nodes()), prefix: prefixOf(second.nodes()) };
    await until(() => grid.has('apply.jsonl') && grid.lines('apply.jsonl').length > 2);
    captured = join(place.dir, 'live.pcap');
    const command = `timeout --signal=INT 4 "${process.execPath}" "${bin}" capture ${gridId} oslo:IR-3-2 > "${captured}"`;
    await execa('bash', ['-c', command], { cwd: place.dir, env: place.env, reject: false });
    beside = { ...(JSON.parse((await other).stdout) as FinishedRun), ...seen };
    const { stdout, stderr, exitCode } = await begun;
    expect(exitCode, stderr).toBe(0);
    run = JSON.parse(stdout) as FinishedRun;
    lane = laneOf(place, run.runId);
    samples = readFileSync(join(run.runDir, 'results/flows.jsonl'), 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Sample]));
  }, 120_000);
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });

  it('puts every tick into force', () => {
    expect(run).toMatchObject({
      outcome: 'completed',
      lanes: [
        { name: 'flow', ticks: TICKS },
        { name: 'mininet', ticks: TICKS, error: null },
      ],
    });
    const applied = lane.lines<{ tickIndex: number; applyMs: number; linksBuilt: number; linksChanged: number; routesChanged: number }>('apply.jsonl');
    expect(applied.map(({ tickIndex }) => tickIndex)).toEqual(Array.from({ length: TICKS }, (_, i) => i));
    // 121 ISLs and 4 GSLs, with all routes, at once; then only what changes.
    expect(applied[0]).toMatchObject({ linksBuilt: 125, linksChanged: 250 });
    expect(applied[0]!.routesChanged).toBeGreaterThan(500);
    expect(applied.filter(({ routesChanged }) => routesChanged === 0).length).toBeGreaterThan(TICKS / 3);
    expect(lane.lines('changes.jsonl').length).toBe(applied.reduce((sum, { linksChanged }) => sum + linksChanged, 0));
  });

  it('pings take the way of their tick, and only that', () => {
    const pings = of('mininet', 'ping').filter(({ simTimeMs }) => !nearFault(simTimeMs));
    expect(pings.length).toBeGreaterThan(20);
    for (const { simTimeMs, hops, pathHash, rttMs, lossPct } of pings) {
      const expected = model('ping', tickOf(simTimeMs))!;
      expect({ simTimeMs, hops, pathHash, lossPct }).toEqual({ simTimeMs, hops: expected.hops, pathHash: expected.pathHash, lossPct: 0 });
      expect(rttMs).toBeGreaterThan(0);
    }
    expect(new Set(pings.map(({ pathHash }) => pathHash)).size).toBe(2);
  });

  it.each([5, 10, 17])('traceroute at %i s meets the routers of the tick', (second) => {
    const number = { 5: 1, 10: 2, 17: 3 }[second]!;
    const log = lane.text(`exec/${number}-oslo.log`);
    const byAddress = new Map(Object.entries(lane.nodes()).map(([id, { ipv4 }]) => [ipv4, id]));
    const met = [...log.matchAll(/^ *\d+ {2}(\S+) /gm)].map(([, address]) => byAddress.get(address!));
    expect(['oslo', ...met], log).toEqual(model('ping', second)!.path);
    expect(log).toMatch(/\nexit code 0\n$/);
  });

  it('an outage is one: as long, and of the same flows', () => {
    for (const flow of ['ping', 'cut-off', 'udp', 'tcp']) {
      const [ours, theirs] = [of('mininet', flow), of('flow', flow)].map((list) => list.filter(({ lossPct }) => lossPct === 100)) as [Sample[], Sample[]];
      // Its link goes down when its packets have another way.
      if (flow === 'ping') expect(ours).toEqual([]);
      else expect(ours.length > 0, flow).toBe(theirs.length > 0);
      for (const { simTimeMs } of ours) {
        expect((simTimeMs - T0_MS) / 1000, flow).toBeGreaterThan(FAULT.fromS - EDGE_S);
        // A pair of iperf3 needs a moment to find each other again.
        expect((simTimeMs - T0_MS) / 1000, flow).toBeLessThan(FAULT.toS + (flow === 'udp' ? 1.5 : EDGE_S));
      }
    }
    const summary = run.flows.filter(({ lane: name }) => name === 'mininet');
    expect(summary.slice(1).map(({ id, outages }: { id: string; outages?: number }) => [id, outages])).toEqual([
      ['cut-off', 1],
      ['tcp', 0],
      ['udp', 1],
    ]);
    const availability = Object.fromEntries(summary.map((flow) => [flow.id, flow.availability]));
    expect(availability['cut-off']).toBeCloseTo(1 - 6 / 23, 1);
  });

  it('a rate is kept within 6 %', () => {
    // 2 Mbit/s of frames, of which 1448 bytes of 1514 are content (RFC 7323 timestamps).
    const tcp = of('mininet', 'tcp')
      .map(({ goodputMbps }) => goodputMbps!)
      .toSorted((a, b) => a - b);
    expect(tcp.length).toBeGreaterThan(15);
    const median = tcp[Math.floor(tcp.length / 2)]!;
    expect(Math.abs(median / ((2 * 1448) / 1514) - 1)).toBeLessThan(0.06);
    const udp = of('mininet', 'udp')
      .filter(({ lossPct }) => lossPct === 0)
      .map(({ goodputMbps }) => goodputMbps!)
      .toSorted((a, b) => a - b);
    expect(Math.abs(udp[Math.floor(udp.length / 2)]! / 0.5 - 1)).toBeLessThan(0.06);
  });

  it('a link that is down has no carrier, and has it again afterwards', () => {
    const { a, b } = lane.links().find((link) => [link.a.node, link.b.node].toSorted().join(' ') === 'IR-4-1 IR-5-11')!;
    const own = (a.node === 'IR-4-1' ? a : b).interface;
    const carrier = (number: number): boolean => {
      const links = JSON.parse(lane.text(`exec/${number}-IR-4-1.log`).split('\n')[0]!) as readonly { ifname: string; flags: readonly string[] }[];
      return links.find(({ ifname }) => ifname === own)!.flags.includes('LOWER_UP');
    };
    expect({ during: carrier(5), after: carrier(6) }).toEqual({ during: false, after: true });
  });

  it('what the kernel has is what was asked for; delay and loss are told as not applied', () => {
    const compared = lane.lines<Compared & { readonly tickIndex: number }>('read_back.jsonl');
    // Each interface that there was once in five ticks, and all of them at the end.
    const rounds = [0, 5, 10, 15].map((first) => compared.filter(({ tickIndex }) => tickIndex >= first && tickIndex < first + 5).map(({ linkId }) => linkId));
    for (const round of rounds) expect([round.length, new Set(round).size]).toEqual([rounds[0]!.length, rounds[0]!.length]);
    expect(rounds[0]!.length).toBeGreaterThanOrEqual(250);
    expect(compared.filter(({ tickIndex }) => tickIndex === TICKS - 1).length).toBeGreaterThan(rounds[0]!.length);
    expect(run.lanes.find(({ name }) => name === 'mininet')).toMatchObject({ figures: { readBackInterfaces: compared.length, readBackDifferences: 0 } });
    for (const { linkId, requested, applied } of compared) {
      expect({ linkId, carrier: applied.carrier, delay: applied.delayUs, loss: applied.lossPct }).toEqual({
        linkId,
        carrier: requested.carrier,
        delay: 'not applied',
        loss: 'not applied',
      });
      expect(Math.abs(applied.rateBps / requested.rateBps - 1)).toBeLessThan(1e-3);
    }
    const fault = compared.filter(({ tickIndex, linkId }) => tickIndex >= FAULT.fromS && tickIndex < FAULT.toS && linkId === 'isl:IR-4-1>IR-5-11');
    expect(new Set(fault.map(({ applied: { carrier } }) => carrier))).toEqual(new Set([false]));
  });

  it('IPv6 goes the same way; what commands print is kept, with how they ended', () => {
    expect(lane.text('exec/4-oslo.log')).toMatch(/3 packets transmitted, 3 received, 0% packet loss[^]*\nexit code 0\n$/);
    expect(lane.text('exec/4-oslo.log')).toContain(`ttl=${64 - (model('ping', 3)!.hops! - 1)} `);
    expect(lane.text('exec/7-oslo.log')).toBe('to stderr\nexit code 3\n');
  });

  it('captures are whole: as many packets as tcpdump counted, and those it dropped', () => {
    const captures = lane.captures();
    expect(captures.map(({ node }) => node)).toEqual(['honolulu', 'mcmurdo', 'oslo', 'singapore']);
    for (const { node, files, packets, dropped } of captures) {
      expect(packets, node).toBeGreaterThan(50);
      expect({ node, packets: packetTimes(join(lane.dir, files[0]!)).length, dropped }).toEqual({ node, packets, dropped });
      // A machine that is busy with other things loses some.
      expect(dropped, node).toBeLessThan(packets! / 100);
    }
    // Honolulu's interface was down for six seconds; packets of both sides of that are there.
    const times = packetTimes(join(lane.dir, captures.find(({ node }) => node === 'honolulu')!.files[0]!), 'icmp');
    const gaps = times.slice(1).map((time, i) => time - times[i]!);
    expect(Math.max(...gaps)).toBeGreaterThan(FAULT.toS - FAULT.fromS - 1);
    expect(Math.max(...gaps)).toBeLessThan(FAULT.toS - FAULT.fromS + 2);
  });

  it('satsim capture while it runs: a pcap of its own', () => {
    expect(packetTimes(captured).length).toBeGreaterThan(10);
  });

  it('a run beside it comes and goes, and neither harms the other', () => {
    expect(beside).toMatchObject({ outcome: 'completed', lanes: [{ ticks: 12, error: null }] });
    expect(beside.flows).toMatchObject([{ id: 'ping', availability: 1 }]);
  });

  it('nothing is left of either', () => {
    const prefixes = [prefixOf(lane.nodes()), beside.prefix];
    expect(new Set(prefixes).size).toBe(2);
    expect(namespaces).toHaveLength(70);
    expect(beside.namespaces).toHaveLength(12);
    expect(remainders(prefixes, [...namespaces, ...beside.namespaces])).toEqual([]);
    expect(place.leftovers()).toEqual([]);
  });
});
