import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { workplace } from '../../e2e/satsim.js';
import { lacks } from '../prerequisites.js';

type Place = ReturnType<typeof workplace>;

/** Options that every native run has: the kernel may have no netem, and delays are measured elsewhere. */
export const NATIVE = ['--set', 'time.mode=realtime', '--set', 'mininet.shaping.delay=none'];
export const LEDGERS = '/run/satsim/mininet';

/** Whether something is missing for runs with real nodes, as `describe.skipIf` wants to know. */
export function lacksMininet(...programs: readonly string[]): boolean {
  return lacks({ programs: ['tc', 'ip', 'nsenter', 'mnexec', 'ping', 'lsns', ...programs], accepts: ['/usr/bin/python3', '-c', 'import mininet'] });
}

interface MappedEnd {
  readonly node: string;
  readonly interface: string;
}

/** What a run says of itself in the lane's folder. */
export function laneOf(place: Place, runId: string) {
  const dir = join(place.dir, 'artifacts/runs', runId, 'lanes/mininet');
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(dir, name), 'utf8')) as T;
  return {
    dir,
    has: (name: string): boolean => existsSync(join(dir, name)),
    text: (name: string): string => readFileSync(join(dir, name), 'utf8'),
    lines: <T>(name: string): readonly T[] =>
      readFileSync(join(dir, name), 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T])),
    nodes: () =>
      read<Readonly<Record<string, { readonly name: string; readonly pid: number; readonly ipv4: string; readonly dpid: string | null }>>>('node_map.json'),
    links: () => read<readonly { readonly kind: string; readonly a: MappedEnd; readonly b: MappedEnd }[]>('link_map.json'),
    captures: () =>
      read<readonly { node: string; neighbour: string; files: readonly string[]; packets: number | null; dropped: number | null; cutShort: string | null }[]>(
        'captures.json',
      ),
  };
}

/** Network namespaces that are the run's own, as `lsns` numbers them. */
export function namespacesOf(nodes: Readonly<Record<string, { readonly pid: number }>>): readonly string[] {
  const root = readlinkSync('/proc/self/ns/net');
  return Object.values(nodes).flatMap(({ pid }) => {
    const namespace = readlinkSync(`/proc/${pid}/ns/net`);
    return namespace === root ? [] : [namespace.replace(/\D/g, '')];
  });
}

/** What of these runs is still on the machine: their ledgers, interfaces, queueing disciplines, bridges, and the namespaces given. */
export function remainders(prefixes: readonly string[], namespaces: readonly string[] = []): readonly string[] {
  const beginsWithOne = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix));
  const output = (program: string, ...args: string[]): readonly string[] => execFileSync(program, args, { encoding: 'utf8' }).split('\n');
  const listed = new Set(output('lsns', '--type', 'net', '--noheadings', '--output', 'NS').map((line) => line.trim()));
  return [
    ...namespaces.filter((namespace) => listed.has(namespace)).map((namespace) => `namespace ${namespace}`),
    ...output('ip', '-o', 'link')
      .map((line) => /^\d+: ([^:@]+)/.exec(line)?.[1] ?? '')
      .filter(beginsWithOne),
    ...output('tc', 'qdisc', 'show').filter((line) => beginsWithOne(/ dev (\S+)/.exec(line)?.[1] ?? '')),
    ...(existsSync(LEDGERS) ? readdirSync(LEDGERS).filter(beginsWithOne) : []),
  ];
}

/** Four characters that all names of a run begin with. */
export const prefixOf = (nodes: Readonly<Record<string, { readonly name: string }>>): string => Object.values(nodes)[0]!.name.slice(0, 4);

/** When the packets of a capture were seen, Unix seconds. */
export function packetTimes(file: string, ...filter: readonly string[]): readonly number[] {
  return execFileSync('tcpdump', ['-n', '-tt', '-r', file, ...filter], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [Number(line.split(' ')[0])]));
}
