import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { bin, root, workplace } from '../../e2e/satsim.js';
import { lacksMininet, laneOf, NATIVE, prefixOf, remainders } from './machine.js';
import { small } from './scenarios.js';

const NOBODY = 65534;
const SETPRIV = 'setpriv';
const EXAMPLE = join(root, 'examples/iridium-mininet.satsim.yaml');

interface Refused {
  readonly error: { readonly code: string; readonly message: string; readonly hint?: string };
}

describe.skipIf(lacksMininet('iperf3', 'tcpdump', 'setpriv'))('what the lane needs of the machine', () => {
  const place = workplace();
  afterAll(place.remove);

  const check = async (env: Readonly<Record<string, string>>, ...sets: string[]) => {
    const args = ['validate', place.write('small.satsim.yaml', small()), '--check-env', '--format', 'json', ...sets.flatMap((set) => ['--set', set])];
    const { stdout, exitCode } = await execa(process.execPath, [bin, ...args], { cwd: place.dir, env: { ...place.env, ...env }, reject: false });
    return { exitCode, ...(JSON.parse(stdout) as Refused) };
  };
  /** A program of that name that says no, before the real one on PATH. */
  const instead = (name: string, script: string): Readonly<Record<string, string>> => {
    const folder = join(place.dir, `instead-of-${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${folder}:${process.env['PATH']}` };
  };

  it('all is there', async () => {
    expect(await check({})).toMatchObject({ exitCode: 0, valid: true, warnings: [] });
  });

  it('a Python without Mininet', async () => {
    expect(await check({}, 'mininet.python=/bin/false')).toMatchObject({
      exitCode: 3,
      error: {
        code: 'DEPENDENCY_MISSING',
        message: expect.stringContaining('Mininet for /bin/false'),
        hint: 'apt-get install --no-install-recommends mininet',
      },
    });
  });

  it('a kernel without netem', async () => {
    const tc = instead('tc', 'echo "Error: Specified qdisc kind is unknown." >&2; exit 2');
    expect(await check(tc, 'mininet.shaping.delay=netem')).toMatchObject({
      exitCode: 3,
      error: { message: expect.stringMatching(/netem in this kernel \(module sch_netem.*--set mininet\.shaping\.delay=none/), hint: 'modprobe sch_netem' },
    });
    expect(await check(tc)).toMatchObject({ exitCode: 3, error: { message: expect.stringContaining('htb in this kernel') } });
  });

  it('an Open vSwitch that does not run', async () => {
    expect(await check({ OVS_RUNDIR: place.dir }, 'mininet.topo.satellites=switch')).toMatchObject({
      exitCode: 3,
      error: {
        message: expect.stringContaining('Open vSwitch that runs'),
        hint: expect.stringContaining('apt-get install --no-install-recommends openvswitch-switch'),
      },
    });
  });

  it('a kernel without IPv6', async () => {
    expect(await check(instead('ip', 'echo "RTNETLINK answers: Operation not supported" >&2; exit 2'))).toMatchObject({
      exitCode: 3,
      error: { code: 'DEPENDENCY_MISSING', message: expect.stringMatching(/IPv6 in this kernel .*Operation not supported/) },
    });
  });

  it('the program of a controller that is to be launched', async () => {
    const launched = ['mininet.topo.satellites=switch', 'mininet.controller.type=launched', 'mininet.controller.command=[no-such-controller]'];
    expect(await check({}, ...launched)).toMatchObject({
      exitCode: 3,
      error: { code: 'DEPENDENCY_MISSING', message: expect.stringContaining('lane mininet needs the program no-such-controller') },
    });
  });

  it('names of nobody are faults of the scenario', async () => {
    const { exitCode, error } = await check({}, 'mininet.exec=[{ node: wset, command: [date] }]', 'mininet.capture.interfaces=["east:nobody"]');
    expect({ exitCode, error }).toMatchObject({
      exitCode: 2,
      error: {
        code: 'SCENARIO_INVALID',
        faults: [
          { path: 'mininet.exec[0].node', message: 'there is no node wset', hint: 'did you mean west?' },
          { path: 'mininet.capture.interfaces[0]', message: 'there is no node nobody' },
        ],
      },
    });
  });

  it('an offline run is refused before anything else, with the words that mend it', async () => {
    const { exitCode, error } = await check({}, 'time.mode=offline');
    expect({ exitCode, error }).toMatchObject({
      exitCode: 2,
      error: { code: 'SCENARIO_INVALID', faults: [{ path: 'time.mode', hint: expect.stringContaining('--set time.mode=realtime') }] },
    });
  });

  it('doctor asks the lane what it needs as it comes: netem, and a Python that has Mininet', async () => {
    const mininet = async (env: Readonly<Record<string, string>>) => {
      const { stdout } = await execa(process.execPath, [bin, 'doctor', '--format', 'json'], { cwd: place.dir, env: { ...place.env, ...env } });
      const { plugins } = JSON.parse(stdout) as { plugins: readonly { kind: string; name: string; usable: boolean; missing: string | null }[] };
      return plugins.find(({ kind, name }) => kind === 'lane' && name === 'mininet')!;
    };
    // What this kernel has, whatever it is; Mininet it has, or nothing of this would run.
    expect((await mininet({})).missing ?? '').not.toContain('needs Mininet');
    expect(await mininet(instead('tc', 'exit 0'))).toMatchObject({ usable: true, missing: null });
    const lacking = await mininet(instead('tc', 'echo "Error: Specified qdisc kind is unknown." >&2; exit 2'));
    expect(lacking).toMatchObject({
      usable: false,
      install: 'modprobe sch_netem',
      missing: expect.stringContaining('lane mininet needs netem in this kernel'),
    });
    // Python looks there first: a module of that name that cannot be imported.
    const folder = join(place.dir, 'broken-python');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'mininet.py'), 'raise ImportError("no Mininet here")\n');
    expect(await mininet({ ...instead('tc', 'exit 0'), PYTHONPATH: folder })).toMatchObject({
      usable: false,
      install: 'apt-get install --no-install-recommends mininet',
      missing: expect.stringContaining('lane mininet needs Mininet for /usr/bin/python3 (ImportError: no Mininet here)'),
    });
  });

  it.each([
    ['all three', 'net_admin net_raw sys_admin', null],
    ['no CAP_NET_ADMIN', 'net_raw sys_admin', 'CAP_NET_ADMIN'],
    ['no CAP_NET_RAW', 'net_admin sys_admin', 'CAP_NET_RAW'],
    ['no CAP_SYS_ADMIN', 'net_admin net_raw', 'CAP_SYS_ADMIN'],
  ])('somebody who is not root, with %s of the capabilities', async (_what, names, lacking) => {
    const dir = join(place.dir, `nobody-${names.length}-${String(lacking)}`);
    mkdirSync(dir, { recursive: true });
    for (const path of [place.dir, dir]) chmodSync(path, 0o755);
    chmodSync(place.env.TMPDIR, 0o1777);
    chownSync(dir, NOBODY, NOBODY);
    const capabilities = names.split(' ').map((name) => `+${name}`);
    const only = (set: string): string => `--${set}=-all,${capabilities.join(',')}`;
    const options = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', only('inh-caps'), only('ambient-caps'), only('bounding-set')];
    const traffic = '{ id: ping, from: west, to: east, kind: ping, every: 250ms }, { id: udp, from: west, to: east, kind: udp, rate_mbps: 0.5 }';
    const args = ['run', place.write('nobody.satsim.yaml', small({ seconds: 4, traffic })), '--set', `paths.artifacts_root=${dir}`];
    const packets = ['--set', 'execution.record_pcap=true', '--format', 'json'];
    const { stdout, exitCode } = await execa(SETPRIV, [...options, process.execPath, bin, ...args, ...packets], {
      cwd: dir,
      env: { ...place.env, HOME: dir },
      reject: false,
    });
    const said = JSON.parse(stdout) as { error: { message: string; hint?: string } | null };
    if (lacking !== null) {
      expect({ exitCode, message: said.error?.message }).toEqual({
        exitCode: 3,
        message: expect.stringMatching(`^lane mininet needs the capability ${lacking} `),
      });
      // No package brings it.
      expect(said.error).not.toHaveProperty('hint');
      return;
    }
    expect({ exitCode, ...said }).toMatchObject({ exitCode: 0, outcome: 'completed', error: null, flows: [{ availability: 1 }, { id: 'udp' }] });
    const [runId] = readdirSync(dir).filter((name) => name.includes('small'));
    const lane = join(dir, runId!, 'lanes/mininet');
    const captures = JSON.parse(readFileSync(join(lane, 'captures.json'), 'utf8')) as readonly { node: string; packets: number }[];
    expect(captures.map(({ node }) => node).toSorted()).toEqual(['east', 'west']);
    for (const capture of captures) expect(capture.packets).toBeGreaterThan(10);
    expect(statSync(lane).uid).toBe(NOBODY);
    expect(remainders([prefixOf(JSON.parse(readFileSync(join(lane, 'node_map.json'), 'utf8')) as never)])).toEqual([]);
  });

  it('a flow that cannot be sent fails the run and says why', async () => {
    const traffic = '{ id: bulk, from: west, to: east, kind: tcp, congestion: no-such-control }';
    const { stdout, exitCode } = await place.satsim('run', place.write('hopeless.satsim.yaml', small({ seconds: 20, traffic })), '--format', 'json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'failed', error: { code: 'LANE_FAILED', message: expect.stringMatching(/flow bulk: .*congestion/i) } });
  });

  it('the commands of docs/lane-mininet.md', async () => {
    const page = readFileSync(join(root, 'docs/lane-mininet.md'), 'utf8');
    const commands = [...page.matchAll(/^\$ sudo npx satsim (.*)$/gm)].map(([, command]) => command!.replaceAll('examples/', `${root}examples/`));
    expect(commands.map((command) => command.split(' ')[0])).toEqual(['run', 'run', 'capture', 'clean', 'clean']);
    for (const command of commands.filter((text) => !text.startsWith('capture'))) {
      // The example is run whole below.
      const { exitCode, stderr } = await place.satsim(...command.split(' '), ...(command.startsWith('run') ? ['--dry-run'] : []));
      expect(exitCode, stderr).toBe(0);
    }
  });

  it('the example', async () => {
    const run = await place.run(EXAMPLE, ...NATIVE, '--set', 'time.duration=15s', '--set', 'faults=[]');
    expect(run).toMatchObject({
      outcome: 'completed',
      lanes: [
        { name: 'flow', ticks: 15 },
        { name: 'mininet', ticks: 15, error: null },
      ],
    });
    expect(run.flows.map(({ id, availability }) => [id, availability])).toEqual(
      ['oslo-singapore', 'lima-nairobi', 'download', 'voice'].flatMap((id) => [
        [id, 1],
        [id, 1],
      ]),
    );
    const lane = laneOf(place, run.runId);
    expect(lane.captures()).toHaveLength(8);
    expect(lane.text('exec/1-oslo.log')).toContain('3 packets transmitted, 3 received');
    // Without delays nobody may take its figures for those of the model.
    const manifest = JSON.parse(readFileSync(join(run.runDir, 'manifests/scenario.normalized.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ mininet: { shaping: { delay: 'none' } } });
    expect(remainders([prefixOf(lane.nodes())])).toEqual([]);
  });
});
