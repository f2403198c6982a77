import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { type FinishedRun, until, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, prefixOf, remainders } from './machine.js';

const SCRIPT_PLUGIN = fileURLToPath(new URL('../../fixtures/scripted-ticks', import.meta.url));
const T0 = '2026-11-20T00:00:00Z';
/** A sample so near to a change may belong to either side of it. */
const EDGE_S = 0.4;

interface Sample {
  readonly flow: string;
  readonly simTimeMs: number;
  readonly lossPct: number;
  readonly goodputMbps: number | null;
}

interface Interface {
  readonly ifname: string;
  readonly flags: readonly string[];
}

/** What can be chosen in the block `mininet`, on the machine's own kernel and so without delays. */
describe.skipIf(lacksMininet('iperf3'))('options', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });

  /** @returns the arguments of a run */
  function scripted(name: string, seconds: number, script: object, mininet: object, traffic: readonly object[] = []): readonly string[] {
    place.write(`${name}.json`, JSON.stringify(script));
    const ticks = { source: 'script', config: { file: `${name}.json` } };
    const time = { t0: T0, duration: `${seconds}s`, dt: '1s', mode: 'realtime' };
    return [place.write(`${name}.satsim.yaml`, JSON.stringify({ name, time, ticks, traffic, lanes: ['mininet'], mininet })), '--plugin', SCRIPT_PLUGIN];
  }

  /** Seconds at which packets of a flow were sent that were lost, or not. */
  function secondsOf(run: FinishedRun, flow: string, lost: boolean): readonly number[] {
    const lines = readFileSync(join(run.runDir, 'results/flows.jsonl'), 'utf8').trim().split('\n');
    const samples = lines.map((line) => JSON.parse(line) as Sample).filter((sample) => sample.flow === flow && sample.lossPct > 0 === lost);
    return samples.map(({ simTimeMs }) => (simTimeMs - Date.parse(T0)) / 1000);
  }

  /** The flow is lost in these spans, in seconds, and nowhere else. */
  function expectLostOnlyIn(run: FinishedRun, flow: string, spans: readonly (readonly [number, number])[]): void {
    const within = (s: number, marginS: number): boolean => spans.some(([from, to]) => s > from - marginS && s < to + marginS);
    expect(
      secondsOf(run, flow, true).filter((s) => !within(s, EDGE_S)),
      `${flow}: lost`,
    ).toEqual([]);
    expect(
      secondsOf(run, flow, false).filter((s) => within(s, -EDGE_S)),
      `${flow}: not lost`,
    ).toEqual([]);
    for (const [from, to] of spans) expect(secondsOf(run, flow, true).filter((s) => s > from && s < to).length, `${flow} from ${from} s`).toBeGreaterThan(0);
  }

  const [UP, DOWN, BACK, NONE, AGAIN, END] = [2, 4, 6, 8, 10, 12];
  const line = {
    satellites: ['s1', 's2', 's3'],
    grounds: ['a', 'b', 'c'],
    ticks: {
      0: {
        set: [
          { from: 'a', to: 's1', mbps: 10 },
          { from: 's1', to: 's2', mbps: 10 },
          { from: 's2', to: 's3', up: false },
          { from: 's2', to: 'b', mbps: 10 },
          { from: 'c', to: 's2', mbps: 2 },
        ],
      },
      [UP]: { set: [{ from: 's2', to: 's3', mbps: 10 }] },
      [DOWN]: { set: [{ from: 's1', to: 's2', up: false }] },
      [BACK]: { set: [{ from: 's1', to: 's2', mbps: 10 }] },
      [NONE]: { set: [{ from: 's1', to: 's2', mbps: 0 }] },
      [AGAIN]: { set: [{ from: 's1', to: 's2', mbps: 10 }] },
    },
  };
  const ping = { kind: 'ping', every: '100ms', start: '500ms' };
  const traffic = [
    { id: 'across', from: 'a', to: 'b', ...ping },
    { id: 'from-satellite', from: 's3', to: 'b', ...ping },
    { id: 'to-satellite', from: 'b', to: 's1', ...ping },
    { id: 'udp', from: 'c', to: 'b', kind: 'udp', rate_mbps: 3, packet_bytes: 1428, start: '1s' },
  ];

  it.concurrent.each([
    { rate: 'tbf', down: 'drop', queue_packets: 50, burst_bytes: 4_000 },
    { rate: 'htb', down: 'carrier' },
  ])('links that are down from the beginning, go down, and lose their capacity: %o', { timeout: 60_000 }, async (shaping) => {
    const exec = [DOWN, NONE].map((at) => ({ node: 's1', at: `${at + 1}s`, command: ['ip', '-j', 'link'] }));
    const block = { topo: { gsl_links: 'all' }, shaping: { delay: 'none', read_back_every: 1, ...shaping }, exec };
    const run = await place.run(...scripted(shaping.rate, END, line, block, traffic));
    expect(run).toMatchObject({ outcome: 'completed', lanes: [{ ticks: END, error: null, figures: { readBackDifferences: 0, linkPairsBuilt: 2 } }] });
    const lane = laneOf(place, run.runId);
    // Each of three sites with each of three satellites, and two pairs of satellites.
    expect(lane.links()).toHaveLength(11);
    for (const flow of ['across', 'to-satellite'])
      expectLostOnlyIn(run, flow, [
        [DOWN, BACK],
        [NONE, AGAIN],
      ]);
    expectLostOnlyIn(run, 'from-satellite', [[0, UP]]);
    // The last tick is lived: packets go until the end.
    for (const flow of ['across', 'from-satellite']) expect(Math.max(...secondsOf(run, flow, false))).toBeGreaterThan(END - 0.5);
    const rates = readFileSync(join(run.runDir, 'results/flows.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Sample)
      .flatMap(({ flow, goodputMbps }) => (flow === 'udp' && goodputMbps ? [(goodputMbps * 1442) / 1400] : []))
      .toSorted((one, other) => one - other);
    expect(Math.abs(rates[Math.floor(rates.length / 2)]! / 2 - 1), `rates of ${rates.join(', ')} Mbit/s`).toBeLessThanOrEqual(0.06);
    const { a, b } = lane.links().find((link) => link.a.node === 's1' && link.b.node === 's2')!;
    const own = (a.node === 's1' ? a : b).interface;
    const carriers = [1, 2].map((number) => {
      const links = JSON.parse(lane.text(`exec/${number}-s1.log`).split('\n')[0]!) as readonly Interface[];
      return links.find(({ ifname }) => ifname === own)!.flags.includes('LOWER_UP');
    });
    // A link without capacity is up.
    expect(carriers).toEqual([shaping.down === 'drop', true]);
    expect(remainders([prefixOf(lane.nodes())])).toEqual([]);
  });

  it("somebody else's hand on an interface fails the run, which says where", { timeout: 60_000 }, async () => {
    const running = place.start('run', ...scripted('meddled', 40, line, { shaping: { delay: 'none', read_back_every: 1 } }), '--format', 'json');
    const known = new Set(place.runs());
    await until(() => place.runs().some((id) => !known.has(id)));
    const lane = laneOf(
      place,
      place.runs().find((id) => !known.has(id))!,
    );
    await until(() => lane.has('apply.jsonl') && lane.lines('apply.jsonl').length > 1, 30_000);
    const { a } = lane.links().find((link) => link.a.node === 's1' && link.b.node === 's2')!;
    const inside = [`--net=/proc/${lane.nodes()['s1']!.pid}/ns/net`, 'tc', 'qdisc', 'change', 'dev', a.interface];
    execFileSync('nsenter', [...inside, 'parent', '1:1', 'handle', '10:', 'pfifo', 'limit', '7']);
    const prefix = prefixOf(lane.nodes());
    const { exitCode, stderr } = await running;
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/the kernel does not have what tick \d+ asked for: isl:s1>s2 has queue in packets 7, not \d+/) as string,
    });
    expect(remainders([prefix])).toEqual([]);
  });

  it.concurrent('satellites as hosts answer their neighbours, and pass nothing on', { timeout: 60_000 }, async () => {
    const script = {
      satellites: ['s1', 's2'],
      grounds: ['a'],
      ticks: {
        0: {
          set: [
            { from: 'a', to: 's1' },
            { from: 's1', to: 's2' },
          ],
        },
      },
    };
    const flows = [
      { id: 'near', from: 'a', to: 's1', ...ping },
      { id: 'far', from: 'a', to: 's2', ...ping },
    ];
    const run = await place.run(...scripted('hosts', 5, script, { topo: { satellites: 'host' }, shaping: { delay: 'none' } }, flows));
    expect(run).toMatchObject({
      outcome: 'completed',
      flows: [
        { id: 'near', availability: 1 },
        { id: 'far', availability: 0 },
      ],
    });
  });

  it.concurrent('with controller none nobody makes routes but who runs the nodes', { timeout: 60_000 }, async () => {
    const script = { satellites: ['s1'], grounds: ['a'], ticks: { 0: { set: [{ from: 'a', to: 's1' }] } } };
    const ownRoute = (own: string, peer: string): string[] => {
      const device = `$(ip -o link | sed -n 's/^[0-9]*: \\([^:@]*-1\\)@.*/\\1/p')`;
      return ['sh', '-c', `ip route; ip route add ${peer} dev ${device} src ${own}`];
    };
    const exec = [
      { node: 'a', at: '1s', command: ownRoute('10.0.0.2', '10.0.0.1') },
      { node: 's1', at: '1s', command: ownRoute('10.0.0.1', '10.0.0.2') },
      { node: 'a', at: '2s', command: ['ping', '-c', '3', '-i', '0.2', '10.0.0.1'] },
    ];
    const run = await place.run(...scripted('nobody', 5, script, { controller: { type: 'none' }, shaping: { delay: 'none' }, exec }));
    const lane = laneOf(place, run.runId);
    expect(run).toMatchObject({ outcome: 'completed', lanes: [{ error: null, figures: { routesChanged: 0 } }] });
    expect([lane.text('exec/1-a.log'), lane.text('exec/2-s1.log')]).toEqual(['exit code 0\n', 'exit code 0\n']);
    expect(lane.text('exec/3-a.log')).toContain('3 packets transmitted, 3 received');
  });
});
