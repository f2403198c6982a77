import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bin, type FinishedRun, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, LEDGERS, prefixOf, remainders } from './machine.js';
import { startOpenVswitch } from './open-vswitch.js';
import { small } from './scenarios.js';

const SWITCHES = 'topo: { satellites: switch, datapath: user }, capture: { interfaces: ["E-1-3:E-1-4"] }';
const EXTERNAL = 'controller: { type: external, addr: "tcp:127.0.0.1:6654", protocols: [OpenFlow10] }';
const TRAFFIC = `
  { id: ping, from: west, to: east, kind: ping, every: 250ms },
  { id: udp, from: west, to: east, kind: udp, rate_mbps: 0.5, packet_bytes: 500 }`;

/** The datapath in user space works on any kernel; it is slow, so that nothing is measured here but that packets come. */
describe.skipIf(lacksMininet('iperf3', 'ovs-vsctl', 'ovs-vswitchd', 'ovsdb-server', 'ovs-ofctl', 'ovs-testcontroller'))('satellites as switches', () => {
  const place = workplace();
  let ovs: Awaited<ReturnType<typeof startOpenVswitch>>;
  let before: readonly string[];
  beforeAll(async () => {
    ovs = await startOpenVswitch(place.dir);
    before = linksOf();
  });
  afterAll(async () => {
    await place.killAll();
    ovs.stop();
    place.remove();
  });

  async function satsim(...command: readonly string[]) {
    const [program, ...args] = ovs.inside(process.execPath, bin, ...command);
    return execa(program, args, { cwd: place.dir, env: { ...place.env, ...ovs.env }, reject: false });
  }
  async function run(name: string, scenario: string): Promise<FinishedRun> {
    const { stdout, stderr, exitCode } = await satsim('run', place.write(`${name}.satsim.yaml`, scenario), '--format', 'json');
    expect(exitCode, stderr).toBe(0);
    return JSON.parse(stdout) as FinishedRun;
  }

  const linksOf = (): readonly string[] =>
    [...ovs.run('ip', '-o', 'link').matchAll(/^\d+: ([^:@]+)/gm)].map(([, name]) => name!).filter((name) => name !== 'ovs-netdev');

  it.concurrent.each([
    ['flows of the one routing', ''],
    ['a controller that satsim starts', 'controller: { type: launched, command: [ovs-testcontroller, "ptcp:6653:127.0.0.1"], protocols: [OpenFlow10] }'],
    ['a controller that runs', EXTERNAL],
  ])('%s', async (what, controller) => {
    const external = controller === EXTERNAL ? ovs.start('ovs-testcontroller', 'ptcp:6654:127.0.0.1') : null;
    const finished = await run(what, small({ seconds: 10, dt: '1s', traffic: TRAFFIC, mininet: `${SWITCHES}${controller && `, ${controller}`}` }));
    expect(finished).toMatchObject({ outcome: 'completed', lanes: [{ ticks: 10, error: null }] });
    const lane = laneOf(place, finished.runId);
    const [ping, udp] = finished.flows;
    // A controller learns; until it has, packets are on their way to it.
    expect(ping!.availability).toBeGreaterThan(0.8);
    expect(udp!.availability).toBeGreaterThan(0.5);
    expect(lane.captures()[0]!.packets).toBeGreaterThan(50);
    external?.kill();
    const dpids = Object.values(lane.nodes()).flatMap(({ dpid }) => dpid ?? []);
    expect(new Set(dpids).size).toBe(10);
    if (controller.includes('launched')) expect(lane.text('controller.json')).toMatch(/"version": "ovs-testcontroller \(Open vSwitch\) \d/);
    expect(remainders([prefixOf(lane.nodes())])).toEqual([]);
  });

  it('they have left nothing', () => {
    expect(linksOf()).toEqual(before);
    expect(ovs.run('ovs-vsctl', 'list-br')).toBe('');
    expect(place.leftovers().filter((name) => !name.includes('ovs'))).toEqual([]);
  });

  it('a controller that is not there is missed before anything is made', async () => {
    const scenario = place.write('lonely.satsim.yaml', small({ mininet: `${SWITCHES}, ${EXTERNAL}` }));
    const { stdout, exitCode } = await satsim('run', scenario, '--format', 'json');
    expect({ exitCode, ...(JSON.parse(stdout) as object) }).toMatchObject({
      exitCode: 3,
      error: { message: expect.stringContaining('lane mininet needs an OpenFlow controller that listens on tcp:127.0.0.1:6654') },
    });
  });

  it.each([
    ['by the ledger', false],
    ['by what Open vSwitch says of them, when the ledger is gone, as after a reboot', true],
  ])('kill -9 of satsim and its agent: bridges and their interfaces go %s', async (_how, reboot) => {
    const [program, ...args] = ovs.inside(process.execPath, bin, 'run', place.write('switches.satsim.yaml', small({ seconds: 60, mininet: SWITCHES })));
    const known = new Set(place.runs());
    const running = execa(program, args, { cwd: place.dir, env: { ...place.env, ...ovs.env }, reject: false });
    await expect.poll(() => place.runs().some((id) => !known.has(id)), { timeout: 30_000 }).toBe(true);
    const lane = laneOf(
      place,
      place.runs().find((id) => !known.has(id))!,
    );
    await expect.poll(() => lane.has('apply.jsonl') && lane.lines('apply.jsonl').length > 2, { timeout: 40_000 }).toBe(true);
    const prefix = prefixOf(lane.nodes());
    const agent = place.leftovers().find((name) => name.includes('satsim_mininet'))!;
    process.kill(Number(/\d+/.exec(agent)![0]), 'SIGKILL');
    running.kill('SIGKILL');
    await running;
    expect(linksOf().filter((name) => name.startsWith(prefix)).length).toBeGreaterThan(20);
    if (reboot) {
      for (const name of place.leftovers().filter((left) => left.includes(`mininet:${prefix}`))) process.kill(Number(/\d+/.exec(name)![0]), 'SIGKILL');
      const pairs = (): readonly string[] => linksOf().filter((link) => link.startsWith(prefix) && link.includes('-'));
      for (let [first] = pairs(); first !== undefined; [first] = pairs()) ovs.run('ip', 'link', 'del', 'dev', first);
      rmSync(join(LEDGERS, `${prefix}.jsonl`));
    }
    const { stdout } = await satsim('clean');
    expect(stdout).toContain(`removed  bridge ${prefix}1`);
    expect(linksOf()).toEqual(before);
    expect(ovs.run('ovs-vsctl', 'list-br')).toBe('');
    expect(remainders([prefix])).toEqual([]);
  });
});
