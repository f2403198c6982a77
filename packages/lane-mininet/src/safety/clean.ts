import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bridges, type KnownBridge, openVswitch } from './bridges.js';
import { type Ledger, type LedgerOwner, type LedgerReading, readLedger, readLedgers, socketFolder } from './ledger.js';
import { identify, isAlive, markOf, networkNamespace, type ProcessIdentity } from './process-identity.js';

/** What a dead run has left on the machine. */
export interface Remains {
  /** `null` where it is gone, as after a reboot, which Open vSwitch's bridges survive. */
  readonly ledger: string | null;
  readonly runId: string;
  readonly runDir: string;
  /** Shells of nodes and what still runs in their namespaces, and processes of the run itself. */
  readonly processes: readonly { readonly what: string; readonly process: ProcessIdentity }[];
  readonly bridges: readonly string[];
  readonly interfaces: readonly string[];
  /** With what is in them. */
  readonly folders: readonly string[];
}

const NOTHING: Remains = { ledger: null, runId: '', runDir: '', processes: [], bridges: [], interfaces: [], folders: [] };
const KILL_LIMIT_MS = 5_000;
const MARK = Object.entries(markOf('')).flat().join('=');

/**
 * What runs that are dead have left: by the names in their ledgers, by the tags of their bridges, and nothing else, so that
 * other people's networks are never touched. Runs that go on are left alone.
 */
export function findRemains(folder?: string, bridges: Bridges = openVswitch): readonly Remains[] {
  const dead = readLedgers(folder).filter(({ entries }) => !entries.some((entry) => entry.kind === 'run' && isAlive(entry.owner)));
  const there = bridges.list();
  const all = dead.length === 0 ? [] : runningProcesses();
  const found = dead.map((ledger) => remainsOf(ledger, all, there));
  const told = new Set(found.map(({ runId }) => runId));
  const byRun = new Map<string, string[]>();
  for (const { name, madeBy } of there ?? []) {
    if (madeBy === null || told.has(madeBy.runId) || isAlive(madeBy.owner)) continue;
    byRun.set(madeBy.runId, [...(byRun.get(madeBy.runId) ?? []), name]);
  }
  const forgotten = [...byRun].map(([runId, names]): Remains => ({ ...NOTHING, runId, bridges: names }));
  return [...found, ...forgotten];
}

/** What the ledger of a run that is at its end still names; it needs not be dead. */
export function remainsOfRun({ path }: Ledger, bridges: Bridges = openVswitch): Remains {
  return remainsOf(readLedger(path), runningProcesses(), bridges.list());
}

/** Removes what {@link findRemains} found, and the ledger once all of it is gone. @returns what could not be removed */
export async function removeRemains(remains: Remains, bridges: Bridges = openVswitch): Promise<readonly string[]> {
  for (const { process: each } of remains.processes) kill(each);
  for (const name of remains.bridges) attempt(() => bridges.remove(name));
  for (const folder of remains.folders) rmSync(folder, { recursive: true, force: true });
  const deadline = performance.now() + KILL_LIMIT_MS;
  const left = (): string[] => [
    ...remains.processes.filter(({ process: each }) => isAlive(each)).map(({ what, process: { pid } }) => `${what} (process ${pid})`),
    ...remains.interfaces.filter(isInterface).map((name) => `interface ${name}`),
    ...bridgesLeft(remains.bridges, bridges),
  ];
  for (;;) {
    // One end of a pair takes the other with it, and so does the end of a namespace: only what is still there is removed.
    for (const name of remains.interfaces.filter(isInterface)) attempt(() => execFileSync('ip', ['link', 'del', 'dev', name], { stdio: 'ignore' }));
    const there = left();
    if (there.length === 0 && remains.ledger !== null) rmSync(remains.ledger, { force: true });
    if (there.length === 0 || performance.now() > deadline) return there;
    await sleep(50);
  }
}

function remainsOf({ path, entries }: LedgerReading, all: readonly RunningProcessInfo[], bridges: readonly KnownBridge[] | null): Remains {
  const run = entries.find((entry): entry is LedgerOwner => entry.kind === 'run');
  const names = (kind: 'nodes' | 'bridges' | 'interfaces'): string[] => entries.flatMap((entry) => (entry.kind === kind ? entry.names : []));
  const shells = new Set([...names('nodes'), ...names('bridges')].map((name) => `mininet:${name}`));
  const nodes = all.filter(({ lastArgument }) => shells.has(lastArgument));
  // Not the root namespace: that is where a switch's shell is.
  const root = networkNamespace(process.pid);
  const namespaces = new Set(nodes.map(({ namespace }) => namespace).filter((namespace) => namespace !== null && namespace !== root));
  const recorded = entries.flatMap((entry) => (entry.kind === 'process' && isAlive(entry.process) ? [{ what: entry.what, process: entry.process }] : []));
  const found = all
    .filter(({ namespace, runId, lastArgument }) => shells.has(lastArgument) || namespaces.has(namespace) || (run !== undefined && runId === run.runId))
    .map(({ identity, lastArgument }) => ({
      what: shells.has(lastArgument) ? `node ${lastArgument}` : `program on a node: ${lastArgument}`,
      process: identity,
    }));
  return {
    ledger: path,
    runId: run?.runId ?? '',
    runDir: run?.runDir ?? '',
    processes: [...recorded, ...found.filter(({ process: { pid } }) => recorded.every((each) => each.process.pid !== pid))],
    bridges: bridgesThere(names('bridges'), bridges),
    interfaces: names('interfaces').filter(isInterface),
    folders: run === undefined ? [] : [socketFolder(run.prefix)].filter((folder) => existsSync(folder)),
  };
}

interface RunningProcessInfo {
  readonly identity: ProcessIdentity;
  readonly namespace: string | null;
  /** Of the run that started it, or what started it. */
  readonly runId: string | null;
  readonly lastArgument: string;
}

function runningProcesses(): readonly RunningProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const identity = identify(Number(name));
      if (identity === null || identity.pid === process.pid) return [];
      const { pid } = identity;
      const lastArgument = listOf(pid, 'cmdline').at(-1) ?? '';
      const runId =
        listOf(pid, 'environ')
          .find((text) => text.startsWith(MARK))
          ?.slice(MARK.length) ?? null;
      return [{ identity, namespace: networkNamespace(pid), runId, lastArgument }];
    });
}

function listOf(pid: number, file: 'cmdline' | 'environ'): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').replace(/\0+$/, '').split('\0');
  } catch {
    return [];
  }
}

/** Of our own network namespace, which /sys need not be of. */
const isInterface = (name: string): boolean =>
  readFileSync('/proc/self/net/dev', 'utf8')
    .split('\n')
    .some((line) => line.trim().startsWith(`${name}:`));

/** Open vSwitch keeps bridges over its own end, and that of their interfaces: while it cannot be asked, all may be there. */
function bridgesThere(names: readonly string[], known: readonly KnownBridge[] | null): readonly string[] {
  return names.filter((name) => known === null || known.some((bridge) => bridge.name === name) || isInterface(name));
}

function bridgesLeft(names: readonly string[], bridges: Bridges): readonly string[] {
  if (names.length === 0) return [];
  const known = bridges.list();
  return bridgesThere(names, known).map((name) => `bridge ${name}${known === null ? ' (perhaps: Open vSwitch does not answer)' : ''}`);
}

function kill(each: ProcessIdentity): void {
  if (isAlive(each)) attempt(() => process.kill(each.pid, 'SIGKILL'));
}

/** What is gone already need not be removed. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Judged afterwards, by what is left.
  }
}
