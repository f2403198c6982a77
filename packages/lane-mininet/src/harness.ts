import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { LaneDeps } from '@satsim/core';
import type { LaneHarness, LaneSubject, PluginHarness } from '@satsim/core/testing';
import type { MininetConfig } from './config.js';
import { MininetLane } from './mininet-lane.js';
import { runPrefix } from './plan/names.js';
import type { Bridges } from './safety/bridges.js';
import { parseClassRate, parseQdiscs, type QdiscOutput } from './shaping/parse-qdisc.js';
import { FakeMachine } from './testing/fake-machine.js';
import { fakeIp, fakeTc } from './testing/fake-tc.js';
import { FragileProcesses, ledgersOf, remainsOf, seeInterface } from './testing/kernel.js';
import { Witness } from './testing/witness.js';

interface MininetSubject<Machine> extends LaneSubject {
  readonly witness: Witness;
  readonly machine: Machine;
  readonly prefix: string;
  readonly ledgers: string;
}

/** A lane whose files are read along; with a run of its own, as lanes of one run would be in each other's way. */
function subject<Machine extends LaneDeps['processes']>(deps: LaneDeps<MininetConfig>, machine: Machine, bridges?: Bridges): MininetSubject<Machine> {
  const witness = new Witness();
  const run = { ...deps.run, runId: `${deps.run.runId}-${randomUUID()}` };
  // Not among those of runs: what a test leaves there would be somebody's to clean.
  const ledgers = join(deps.artifacts.dir, '..', 'ledgers');
  const lane = new MininetLane({ ...deps, run, processes: machine, artifacts: witness.overhear(deps.artifacts) }, ledgers, bridges);
  return { lane, witness, machine, prefix: runPrefix(run.runId), ledgers };
}

/** Over a fake machine: needs neither root nor Mininet. */
export const fakeHarness: LaneHarness<MininetSubject<FakeMachine>, MininetConfig> = {
  kind: 'lane',
  name: 'mininet',
  create: (deps) => {
    const machine = new FakeMachine();
    return subject(deps, machine, machine.bridges);
  },
  observe: ({ witness, machine: { devices } }) =>
    witness.observe((device) => {
      const { pid } = devices.get(device)!;
      const applied = parseQdiscs(JSON.parse(fakeTc('qdisc show', pid, devices).stdout!) as QdiscOutput).get(device)!;
      const rateBps = applied.rateBps ?? parseClassRate([fakeTc(`class show dev ${device}`, pid, devices).stdout ?? '']);
      const links = JSON.parse(fakeIp('link show', pid, devices).stdout!) as { readonly ifname: string; readonly flags: readonly string[] }[];
      return { ...applied, rateBps, carrier: links.find(({ ifname }) => ifname === device)!.flags.includes('LOWER_UP') };
    }),
  failNext: ({ machine }) => machine.failNext(),
  hangNext: ({ machine }) => machine.hang(),
  leftovers: ({ machine, prefix, ledgers }) => [...machine.remains(), ...ledgersOf(prefix, ledgers)],
};

/** Over the real machine: needs root, Mininet, and a kernel with netem. */
export const kernelHarness: LaneHarness<MininetSubject<FragileProcesses>, MininetConfig> = {
  kind: 'lane',
  name: 'mininet',
  create: (deps) => subject(deps, new FragileProcesses(deps.processes)),
  observe: ({ witness }) => witness.observe(seeInterface),
  failNext: ({ machine }) => machine.failNext(),
  hangNext: ({ machine }) => machine.hangNext(),
  leftovers: ({ prefix, ledgers }) => remainsOf(prefix, ledgers),
};

export const harnesses: readonly PluginHarness[] = [fakeHarness];
