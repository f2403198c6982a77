import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import type { ProcessIdentity } from './process-identity.js';

/** Without its daemon ovs-vsctl would wait for ever. */
const OVS_LIMIT = '--timeout=5';
const RUN_KEY = 'satsim-run';
const OWNER_KEY = 'satsim-owner';

/** A bridge of Open vSwitch, and which run made it; `null`: none of satsim's that can be told from here. */
export interface KnownBridge {
  readonly name: string;
  readonly madeBy: { readonly runId: string; readonly owner: ProcessIdentity } | null;
}

/**
 * What a run's bridges carry as `external_ids`: Open vSwitch makes bridges again after a reboot, when the ledger is gone.
 * Process ids mean something in their own namespace only.
 */
export const bridgeTags = (runId: string, { pid, startTicks }: ProcessIdentity): Readonly<Record<string, string>> => ({
  [RUN_KEY]: runId,
  [OWNER_KEY]: `${pid}.${startTicks}.${processNamespace()}`,
});

/** What is asked of Open vSwitch when a run, or what it left, is taken away. */
export interface Bridges {
  /** All of this machine; `null` when Open vSwitch, which remembers them, cannot be asked. */
  list(): readonly KnownBridge[] | null;
  /** @throws Error when Open vSwitch cannot be asked */
  remove(name: string): void;
}

export const openVswitch: Bridges = {
  list() {
    try {
      const said = ovs(['--format=json', '--columns=name,external_ids', 'list', 'Bridge']);
      const { data } = JSON.parse(said) as { readonly data: readonly (readonly [string, readonly ['map', readonly (readonly [string, string])[]]])[] };
      return data.map(([name, [, tags]]) => ({ name, madeBy: makerOf(new Map(tags)) }));
    } catch (error) {
      // Where there is no Open vSwitch there is nobody who would make them again.
      return (error as NodeJS.ErrnoException).code === 'ENOENT' ? [] : null;
    }
  },
  remove(name) {
    ovs(['--if-exists', 'del-br', name]);
  },
};

function makerOf(tags: ReadonlyMap<string, string>): KnownBridge['madeBy'] {
  const runId = tags.get(RUN_KEY);
  const [pid, startTicks, namespace] = (tags.get(OWNER_KEY) ?? '').split('.').map(Number);
  return runId === undefined || namespace !== processNamespace() ? null : { runId, owner: { pid: pid!, startTicks: startTicks! } };
}

const processNamespace = (): number => Number(readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''));

const ovs = (args: readonly string[]): string => execFileSync('ovs-vsctl', [OVS_LIMIT, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
