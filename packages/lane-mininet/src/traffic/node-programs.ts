import type { LaneDeps, ProcessOptions, RunningProcess } from '@satsim/core';
import type { Namespaces } from '../commands/namespaces.js';
import type { PlannedNode } from '../plan/network-plan.js';
import type { Ledger } from '../safety/ledger.js';
import { identify } from '../safety/process-identity.js';

/** Starts programs on nodes, each of them written into the ledger. */
export class NodePrograms {
  readonly #processes: LaneDeps['processes'];
  readonly #namespaces: Namespaces;
  readonly #ledger: Ledger;

  constructor(processes: LaneDeps['processes'], namespaces: Namespaces, ledger: Ledger) {
    this.#processes = processes;
    this.#namespaces = namespaces;
    this.#ledger = ledger;
  }

  start(node: PlannedNode, command: string, args: readonly string[], options: ProcessOptions): RunningProcess {
    const running = this.#processes.start(...this.#namespaces.inside(node, command, args), options);
    const process = identify(running.pid);
    if (process !== null) this.#ledger.add({ kind: 'process', what: `${command} on ${node.id}`, process });
    return running;
  }
}
