import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FinishedRun, until, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, packetTimes, prefixOf, remainders } from './machine.js';
import { small } from './scenarios.js';

const TRAFFIC = '{ id: udp, from: west, to: east, kind: udp, rate_mbps: 4 }, { id: ping, from: east, to: west, kind: ping, every: 100ms }';

describe.skipIf(lacksMininet('iperf3', 'tcpdump'))('captures of a run', () => {
  const place = workplace();
  afterAll(async () => {
    await place.killAll();
    place.remove();
  });

  /** What was captured, and what of it the run manifest says. */
  const captured = ({ runId, runDir }: Pick<FinishedRun, 'runId' | 'runDir'>) => {
    const lane = laneOf(place, runId);
    const manifest = JSON.parse(readFileSync(join(runDir, 'manifests/run.json'), 'utf8')) as { provenance: { mininet: { facts: object } } };
    return { lane, captures: lane.captures(), facts: manifest.provenance.mininet.facts };
  };

  it.concurrent.each([
    ['size', 'rotate_mib: 1', /^pcaps\/west_E-1-\d+\.pcap\d*$/],
    ['time', 'rotate_every: 2s', /^pcaps\/west_E-1-\d+_\d{8}T\d{6}Z\.pcap$/],
    ['both', 'rotate_every: 4s, rotate_mib: 1', /^pcaps\/west_E-1-\d+_\d{8}T\d{6}Z\.pcap\d*$/],
  ])('rotated by %s: no packet is lost from file to file, and all files are named', { timeout: 60_000 }, async (what, rotation, name) => {
    const mininet = `capture: { interfaces: ["west:E-1-10", "west:E-1-1", "west:E-1-2"], ${rotation} }`;
    const run = await place.run(place.write(`${what}.satsim.yaml`, small({ seconds: 9, traffic: TRAFFIC, mininet })));
    const { lane, captures, facts } = captured(run);
    expect(captures).toHaveLength(1);
    const [{ files, packets, dropped, cutShort }] = captures as [(typeof captures)[number]];
    expect(files.length, files.join(' ')).toBeGreaterThanOrEqual(3);
    for (const file of files) expect(file).toMatch(name);
    const times = files.flatMap((file) => packetTimes(join(lane.dir, file)));
    expect({ total: times.length, cutShort }).toEqual({ total: packets, cutShort: null });
    // Each follows the one before it: nothing was written over.
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.at(-1)! - times[0]!).toBeGreaterThan(6);
    expect(facts).toMatchObject({ captures: 'lanes/mininet/captures.json', packetsCaptured: packets, packetsDropped: dropped, capturesCutShort: 0 });
    expect(remainders([prefixOf(lane.nodes())])).toEqual([]);
  });

  it.concurrent('a tcpdump that somebody ends is told of at once, and the run goes on', { timeout: 60_000 }, async () => {
    const scenario = small({ seconds: 8, mininet: 'capture: { interfaces: ground }' }).replace('name: small', 'name: ended');
    const running = place.start('run', place.write('ended.satsim.yaml', scenario), '--format', 'json');
    // Before tick 0 is in force, a capture that ends has not begun.
    const ticksOf = (id: string): number => (laneOf(place, id).has('apply.jsonl') ? laneOf(place, id).lines('apply.jsonl').length : 0);
    await until(() => place.runs().some((id) => id.includes('-ended-') && ticksOf(id) > 1), 30_000);
    const dumps = (): readonly string[] => place.leftovers().filter((name) => /process \d+: tcpdump .*-ended-.*west_/.test(name));
    await until(() => dumps().length === 1, 30_000);
    process.kill(Number(/\d+/.exec(dumps()[0]!)![0]), 'SIGKILL');
    const { stdout, stderr, exitCode } = await running;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toMatch(/the capture west_E-1-\d+ ends here: tcpdump ended by SIGKILL/);
    const { captures, facts } = captured(JSON.parse(stdout) as FinishedRun);
    expect(captures.map(({ node, cutShort }) => [node, cutShort === null])).toEqual([
      ['east', true],
      ['west', false],
    ]);
    expect(facts).toMatchObject({ capturesCutShort: 1 });
  });
});
