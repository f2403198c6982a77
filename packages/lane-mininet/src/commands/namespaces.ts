import { LaneError, type ProcessRunner } from '@satsim/core';
import type { PlannedNode } from '../plan/network-plan.js';
import { type Command, CommandBatch, type CommandFailure } from './command-batch.js';

const ROOT = '';
const STARTED_AT_ONCE = 8;

/** The standing `tc` and `ip` of every namespace of a run; started when they are first needed. Switches share the root one. */
export class Namespaces {
  readonly #processes: ProcessRunner;
  readonly #pids = new Map<string, number>();
  readonly #batches = new Map<string, CommandBatch>();
  readonly #touched = new Set<CommandBatch>();
  #closed = false;

  constructor(processes: ProcessRunner) {
    this.#processes = processes;
  }

  /** @param pids a process of each node's namespace, by the node's name */
  know(pids: ReadonlyMap<string, number>): void {
    for (const [name, pid] of pids) this.#pids.set(name, pid);
  }

  /** Starts what a tick would otherwise wait for; a few at a time, so that each of them answers in time however many there are. */
  async start(nodes: readonly PlannedNode[], signal: AbortSignal): Promise<void> {
    const waiting = nodes.flatMap((node) => (['tc', 'ip'] as const).map((program) => ({ program, node }))).values();
    const startSome = async (): Promise<void> => {
      for (const { program, node } of waiting) await this.#batch(program, node).fence(signal);
    };
    await Promise.all(Array.from({ length: STARTED_AT_ONCE }, startSome));
  }

  /** Puts commands on their way; {@link fence} tells when they are in force. */
  send(program: 'tc' | 'ip', node: PlannedNode, commands: readonly Command[]): void {
    if (commands.length === 0) return;
    const batch = this.#batch(program, node);
    batch.send(commands);
    this.#touched.add(batch);
  }

  /** Resolves when all that was sent since the last fence is in force. @returns what failed */
  async fence(signal?: AbortSignal): Promise<readonly CommandFailure[]> {
    const touched = [...this.#touched];
    this.#touched.clear();
    return (await Promise.all(touched.map((batch) => batch.fence(signal)))).flat();
  }

  /** What a command prints, by lines; nothing when it fails. */
  ask(program: 'tc' | 'ip', node: PlannedNode, question: string, signal?: AbortSignal): Promise<readonly string[]> {
    return this.#batch(program, node).ask(question, signal);
  }

  /** Arguments that run a program on a node: `nsenter …`, or the program itself for a switch. */
  inside(node: PlannedNode, command: string, args: readonly string[]): readonly [command: string, args: readonly string[]] {
    return node.kind === 'switch' ? [command, args] : ['nsenter', [`--net=/proc/${this.pidOf(node)}/ns/net`, command, ...args]];
  }

  pidOf(node: PlannedNode): number {
    const pid = this.#pids.get(node.name);
    if (pid === undefined) throw new LaneError('', `node ${node.id} has not been built`);
    return pid;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#batches.values()].map((batch) => batch.close()));
    this.#batches.clear();
  }

  #batch(program: 'tc' | 'ip', node: PlannedNode): CommandBatch {
    const place = node.kind === 'switch' ? ROOT : node.name;
    const key = `${program} ${place}`;
    let batch = this.#batches.get(key);
    if (!batch) {
      if (this.#closed) throw new LaneError('', `${program} of ${node.id} was not started: the network is being taken away`);
      batch =
        place === ROOT
          ? new CommandBatch(this.#processes, program, null, 'the root namespace')
          : new CommandBatch(this.#processes, program, this.pidOf(node), node.id);
      this.#batches.set(key, batch);
    }
    return batch;
  }
}
