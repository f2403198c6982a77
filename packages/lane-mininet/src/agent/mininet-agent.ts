import { fileURLToPath } from 'node:url';
import { type LaneDeps, LaneError, type RunningProcess } from '@satsim/core';
import type { PlannedEnd, PlannedLink, PlannedNode } from '../plan/network-plan.js';
import { markOf } from '../safety/process-identity.js';

const PYTHON_FOLDER = fileURLToPath(new URL('../../python', import.meta.url));
/** Nodes are made one after the other, about 10 ms each. */
const REQUEST_LIMIT_MS = 300_000;
/** What taking everything away may cost before the agent is killed. */
const CLOSE_LIMIT_MS = 60_000;

export interface AgentVersions {
  readonly mininet: string;
  readonly python: string;
}

export interface SwitchOptions {
  readonly datapath: 'kernel' | 'user';
  readonly protocols: readonly string[];
  /** `tcp:HOST:PORT`; `null`: nobody but satsim controls them. */
  readonly controller: string | null;
  /** `external_ids` of the bridges: whose they are. */
  readonly tags: Readonly<Record<string, string>>;
}

interface Reply {
  readonly id: number;
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error?: string;
}

/**
 * Mininet's own Python API in a process of its own, spoken to by JSON lines. The end of its stdin, also when satsim is
 * killed, makes it take everything away that it has built.
 */
export class MininetAgent {
  readonly #process: RunningProcess;
  readonly #waiting = new Map<number, { readonly resolve: (reply: Reply) => void; readonly reject: (error: Error) => void }>();
  #lastId = 0;
  /** Works on something that was asked, perhaps by somebody who does not wait for it any more. */
  #busy = false;
  #ended: LaneError | null = null;

  /** @param python absolute path of the interpreter that has Mininet */
  constructor({ processes, logger, run }: Pick<LaneDeps, 'processes' | 'logger' | 'run'>, python: string) {
    this.#process = processes.start(python, ['-B', '-m', 'satsim_mininet'], {
      cwd: PYTHON_FOLDER,
      endsItself: true,
      env: markOf(run.runId),
      graceMs: CLOSE_LIMIT_MS,
      onLine: (line, from) => {
        if (from === 'stdout') this.#hear(JSON.parse(line) as Reply);
        else logger.info({ from: 'agent' }, line);
      },
    });
    void this.#process.done.then(({ stderrTail, exitCode }) => {
      this.#ended = new LaneError('', `the Mininet agent ended with exit code ${exitCode}: ${stderrTail.trim().slice(-1000) || 'it said nothing'}`);
      for (const { reject } of this.#waiting.values()) reject(this.#ended);
      this.#waiting.clear();
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  async versions(signal: AbortSignal): Promise<AgentVersions> {
    return (await this.#ask('hello', {}, signal)) as AgentVersions;
  }

  /** @returns process ids whose network namespaces are the nodes', by node name; a switch's is of the root namespace */
  async addNodes(nodes: readonly PlannedNode[], { controller, ...options }: SwitchOptions, signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const wanted = nodes.map((node) => (node.kind === 'switch' ? { ...node, ...options } : node));
    const { pids } = (await this.#ask('nodes', { nodes: wanted, controller }, signal)) as { readonly pids: Readonly<Record<string, number>> };
    return new Map(Object.entries(pids));
  }

  async addLinks(links: readonly PlannedLink[], signal: AbortSignal): Promise<void> {
    const end = ({ node, interface: name, mac, port }: PlannedEnd): object => ({ node: node.name, interface: name, mac, port });
    if (links.length > 0) await this.#ask('links', { links: links.map(({ a, b }) => ({ a: end(a), b: end(b) })) }, signal);
  }

  /** Takes everything away and ends the agent; safe after it has ended. */
  async close(): Promise<void> {
    this.#process.closeInput();
    // It reads the end of its input only after what it was asked before.
    await (this.#busy ? this.#process.stop() : this.#process.done);
  }

  async #ask(op: string, fields: object, signal: AbortSignal): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    signal.throwIfAborted();
    const id = (this.#lastId += 1);
    const { promise: reply, resolve, reject } = Promise.withResolvers<Reply>();
    const timer = setTimeout(() => reject(new LaneError('', `the Mininet agent did not answer '${op}' within ${REQUEST_LIMIT_MS / 1000} s`)), REQUEST_LIMIT_MS);
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.set(id, { resolve, reject });
    this.#busy = true;
    try {
      // An agent that is gone takes no input: what it said at its end tells more.
      this.#process.write(`${JSON.stringify({ id, op, ...fields })}\n`).catch(() => undefined);
      const { ok, result, error } = await reply;
      this.#busy = false;
      if (!ok) throw new LaneError('', `Mininet: ${error ?? op}`);
      return result;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      this.#waiting.delete(id);
    }
  }

  #hear(reply: Reply): void {
    // The agent says why it cannot start under the number 0, before anybody has asked.
    if (reply.id === 0) for (const { resolve } of this.#waiting.values()) resolve(reply);
    else this.#waiting.get(reply.id)?.resolve(reply);
  }
}
