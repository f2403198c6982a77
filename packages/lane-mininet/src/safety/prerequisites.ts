import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { LaneNeed, Scenario } from '@satsim/core';
import { capturedInterfaces, type MininetConfig } from '../config.js';
import { listens } from '../forwarding/openflow-address.js';
import { shapingOptions } from '../shaping/shaping.js';

const run = promisify(execFile);
const APT = 'apt-get install --no-install-recommends';

/** What a configuration needs of this machine and does not find; tried where it changes nothing. */
export async function missingFor(config: MininetConfig, scenario: Scenario | null): Promise<readonly LaneNeed[]> {
  const needs = await Promise.all([
    needsMininet(config.python),
    needsIpv6(),
    ...qdiscsOf(config).map((kind) => needsQdisc(kind)),
    ...(config.topo.satellites === 'switch' ? needsOfSwitches(config) : []),
    ...(capturedInterfaces(config, scenario) === 'none' ? [] : [needsProgram('tcpdump', 'tcpdump')]),
    ...(config.routing === 'frr' ? [needsProgram('/usr/lib/frr/ospfd', 'frr'), needsRoot('FRR, whose daemons take a user of their own')] : []),
    ...(config.routing === 'bird' ? [needsProgram('bird', 'bird2')] : []),
  ]);
  return needs.filter((need) => need !== null);
}

function needsOfSwitches({ topo: { datapath }, controller: { type, addr, command } }: MininetConfig): readonly Promise<LaneNeed | null>[] {
  return [
    needsOpenVswitch(datapath),
    ...(datapath === 'user' ? [needsProgram('ethtool', 'ethtool')] : []),
    ...(type === 'launched' ? [needsProgram(command![0]!, null)] : []),
    ...(type === 'external' ? [needsController(addr!)] : []),
  ];
}

async function needsController(addr: string): Promise<LaneNeed | null> {
  return (await listens(addr)) ? null : { what: `an OpenFlow controller that listens on ${addr} (mininet.controller.addr)`, install: null };
}

/** Every node has an address of it. Tried as {@link needsQdisc} does. */
async function needsIpv6(): Promise<LaneNeed | null> {
  const { ok, said } = await attempt('unshare', ['--net', 'ip', 'address', 'add', 'fd5a:7351::1/128', 'dev', 'lo']);
  return ok ? null : { what: `IPv6 in this kernel (switched off? sysctl net.ipv6.conf.default.disable_ipv6; ip: ${said})`, install: null };
}

async function needsMininet(python: string): Promise<LaneNeed | null> {
  const { ok, said } = await attempt(python, ['-c', 'import mininet']);
  return ok ? null : { what: `Mininet for ${python} (${said})`, install: `${APT} mininet` };
}

function qdiscsOf(config: MininetConfig): readonly ('netem' | 'htb' | 'tbf')[] {
  const { delay, rate } = shapingOptions(config.shaping);
  return [...new Set([rate, ...(delay === 'netem' ? (['netem'] as const) : [])])];
}

const OPTIONS = { netem: ['delay', '1ms'], htb: [], tbf: ['rate', '1mbit', 'burst', '5kb', 'limit', '5kb'] } as const;

/** Shapes the loopback of a namespace that is gone when tc ends; nothing else is touched. */
async function needsQdisc(kind: keyof typeof OPTIONS): Promise<LaneNeed | null> {
  const { ok, said } = await attempt('unshare', ['--net', 'tc', 'qdisc', 'add', 'dev', 'lo', 'root', kind, ...OPTIONS[kind]]);
  if (ok) return null;
  const where = `module sch_${kind}, of Debian's linux-image-…, Ubuntu's linux-modules-extra-…`;
  const without = kind === 'netem' ? '; without delays and loss it runs by --set mininet.shaping.delay=none' : '';
  return { what: `${kind} in this kernel (${where}; tc: ${said})${without}`, install: `modprobe sch_${kind}` };
}

async function needsOpenVswitch(datapath: 'kernel' | 'user'): Promise<LaneNeed | null> {
  const { ok, said } = await attempt('ovs-vsctl', ['--timeout=5', 'get', 'Open_vSwitch', '.', 'datapath_types']);
  if (!ok) return { what: `Open vSwitch that runs (ovs-vsctl: ${said})`, install: `${APT} openvswitch-switch && systemctl start openvswitch-switch` };
  const type = datapath === 'kernel' ? 'system' : 'netdev';
  if (!said.includes(type)) return { what: `the ${datapath} datapath of Open vSwitch (it has ${said})`, install: null };
  if (datapath === 'user') return null;
  // A list of types does not say that the kernel has the module.
  const module = await access('/sys/module/openvswitch', constants.F_OK).then(
    () => true,
    () => false,
  );
  return module ? null : { what: "the kernel's openvswitch module; mininet.topo.datapath: user does without it, slowly", install: 'modprobe openvswitch' };
}

async function needsRoot(what: string): Promise<LaneNeed | null> {
  return process.getuid?.() === 0 ? null : { what: `root privileges (sudo) for ${what}`, install: null };
}

/** @param debianPackage `null` for a program of the user's own */
async function needsProgram(name: string, debianPackage: string | null): Promise<LaneNeed | null> {
  const { ok } = await attempt('which', [name]);
  return ok ? null : { what: `the program ${name}`, install: debianPackage === null ? null : `${APT} ${debianPackage}` };
}

async function attempt(command: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly said: string }> {
  try {
    const { stdout } = await run(command, [...args], { timeout: 20_000 });
    return { ok: true, said: stdout.trim() };
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return { ok: false, said: (stderr?.trim() || message).split('\n').at(-1)! };
  }
}
