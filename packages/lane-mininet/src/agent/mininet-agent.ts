import { fileURLToPath } from 'node:url';
import { LaneError, type ProcessRunner, type RunningProcess } from '@satsim/core';
import type { PlannedEnd, PlannedLink, PlannedNode } from '../plan/network-plan.js';

const PYTHON_FOLDER = fileURLToPath(new URL('../../python', import.meta.url));
/** Nodes are made one after the other, about 10 ms each. */
const REQUEST_LIMIT_MS = 300_000;

export interface AgentVersions {
  readonly mininet: string;
  readonly python: string;
}

export interface SwitchOptions {
  readonly datapath: 'kernel' | 'user';
  readonly protocols: readonly string[];
  /** `tcp:HOST:PORT`; `null`: nobody but satsim controls them. */
  readonly controller: string | null;
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
  #ended: LaneError | null = null;

  /** @param python absolute path of the interpreter that has Mininet */
  constructor(processes: ProcessRunner, python: string) {
    this.#process = processes.start(python, ['-B', '-m', 'satsim_mininet'], {
      cwd: PYTHON_FOLDER,
      endsItself: true,
      onLine: (line, from) => {
        if (from === 'stdout') this.#hear(JSON.parse(line) as Reply);
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

  async versions(): Promise<AgentVersions> {
    return (await this.#ask('hello', {})) as AgentVersions;
  }

  /** @returns process ids whose network namespaces are the nodes', by node name; a switch's is of the root namespace */
  async addNodes(nodes: readonly PlannedNode[], { datapath, protocols, controller }: SwitchOptions): Promise<ReadonlyMap<string, number>> {
    const wanted = nodes.map((node) => (node.kind === 'switch' ? { ...node, datapath, protocols } : node));
    const { pids } = (await this.#ask('nodes', { nodes: wanted, controller })) as { readonly pids: Readonly<Record<string, number>> };
    return new Map(Object.entries(pids));
  }

  async addLinks(links: readonly PlannedLink[]): Promise<void> {
    const end = ({ node, interface: name, mac, port }: PlannedEnd): object => ({ node: node.name, interface: name, mac, port });
    if (links.length > 0) await this.#ask('links', { links: links.map(({ a, b }) => ({ a: end(a), b: end(b) })) });
  }

  /** Takes everything away and ends the agent; safe after it has ended. */
  async close(): Promise<void> {
    this.#process.closeInput();
    await this.#process.done;
  }

  async #ask(op: string, fields: object): Promise<unknown> {
    if (this.#ended) throw this.#ended;
    const id = (this.#lastId += 1);
    let timer: NodeJS.Timeout | undefined;
    const reply = new Promise<Reply>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      timer = setTimeout(() => reject(new LaneError('', `the Mininet agent did not answer '${op}' within ${REQUEST_LIMIT_MS / 1000} s`)), REQUEST_LIMIT_MS);
    });
    try {
      await Promise.all([this.#process.write(`${JSON.stringify({ id, op, ...fields })}\n`), reply]);
      const { ok, result, error } = await reply;
      if (!ok) throw new LaneError('', `Mininet: ${error ?? op}`);
      return result;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  #hear(reply: Reply): void {
    // The agent says why it cannot start under the number 0, before anybody has asked.
    if (reply.id === 0) for (const { resolve } of this.#waiting.values()) resolve(reply);
    else this.#waiting.get(reply.id)?.resolve(reply);
  }
}
