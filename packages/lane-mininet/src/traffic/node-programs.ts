import type { LaneDeps, ProcessOptions, RunningProcess } from '@satsim/core';
import type { Namespaces } from '../commands/namespaces.js';
import type { PlannedNode } from '../plan/network-plan.js';
import type { Ledger } from '../safety/ledger.js';
import { identify, markOf } from '../safety/process-identity.js';

/** For a program that does not end when it is asked to: a lane has a second to leave. */
const GRACE_MS = 400;

/** Starts programs on nodes, each of them written into the ledger. */
export class NodePrograms {
  readonly #processes: LaneDeps['processes'];
  readonly #mark: Readonly<Record<string, string>>;
  readonly #namespaces: Namespaces;
  readonly #ledger: Ledger;

  constructor({ processes, run }: Pick<LaneDeps, 'processes' | 'run'>, namespaces: Namespaces, ledger: Ledger) {
    this.#processes = processes;
    this.#mark = markOf(run.runId);
    this.#namespaces = namespaces;
    this.#ledger = ledger;
  }

  start(node: PlannedNode, command: string, args: readonly string[], options: ProcessOptions): RunningProcess {
    const env = { ...options.env, ...this.#mark };
    const running = this.#processes.start(...this.#namespaces.inside(node, command, args), { graceMs: GRACE_MS, ...options, env });
    const process = identify(running.pid);
    if (process !== null) this.#ledger.add({ kind: 'process', what: `${command} on ${node.id}`, process });
    return running;
  }
}
