import { LaneError, type ProcessRunner, type RunningProcess } from '@satsim/core';

/** One line for `tc` or `ip`, and what it is about, for errors: a link and what is done to it. */
export interface Command {
  readonly line: string;
  readonly about: string;
}

export interface CommandFailure {
  readonly command: Command;
  /** What the program said. */
  readonly message: string;
}

const FENCE: Readonly<Record<'tc' | 'ip', string>> = { tc: 'qdisc show dev lo', ip: 'link show dev lo' };
/** `ip` prints two lines for an interface, `tc` one. */
const FENCE_REPLY: Readonly<Record<'tc' | 'ip', RegExp>> = { tc: /^qdisc /, ip: /^\d+: lo/ };
const FENCE_LIMIT_MS = 10_000;

/**
 * A `tc` or `ip` that stays, in one network namespace: commands take force as they come, in order. A process a change would
 * be a thousand times slower.
 */
export class CommandBatch {
  readonly #program: 'tc' | 'ip';
  readonly #process: RunningProcess;
  /** Commands that no fence has passed, by their line. */
  readonly #pending = new Map<number, Command>();
  readonly #fences: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  #line = 0;
  #said = '';
  #failures: CommandFailure[] = [];
  #ended: LaneError | null = null;

  /** @param pid a process of the namespace; `null` for the root namespace */
  constructor(processes: ProcessRunner, program: 'tc' | 'ip', pid: number | null) {
    this.#program = program;
    const args = ['-force', '-batch', '-'];
    const options = { onLine: (line: string, from: 'stdout' | 'stderr') => (from === 'stderr' ? this.#hearError(line) : this.#hear(line)) };
    this.#process =
      pid === null ? processes.start(program, args, options) : processes.start('nsenter', [`--net=/proc/${pid}/ns/net`, program, ...args], options);
    void this.#process.done.then(({ stderrTail }) => {
      this.#ended = new LaneError('', `${program} ended: ${stderrTail.trim().slice(-500) || 'it said nothing'}`);
      for (const { reject } of this.#fences.splice(0)) reject(this.#ended);
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  send(commands: readonly Command[]): void {
    if (commands.length === 0) return;
    if (this.#ended) throw this.#ended;
    for (const command of commands) this.#pending.set((this.#line += 1), command);
    // What goes wrong is heard of at the fence, which comes after it on the same pipe.
    this.#process.write(commands.map(({ line }) => `${line}\n`).join('')).catch(() => undefined);
  }

  /** Resolves when everything that was sent is in force. @returns what failed */
  async fence(): Promise<readonly CommandFailure[]> {
    if (this.#ended) throw this.#ended;
    this.#line += 1;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.#fences.push({ resolve, reject });
      timer = setTimeout(() => reject(new LaneError('', `${this.#program} did not answer within ${FENCE_LIMIT_MS / 1000} s`)), FENCE_LIMIT_MS);
      this.#process.write(`${FENCE[this.#program]}\n`).catch(reject);
    }).finally(() => clearTimeout(timer));
    // Errors come by the other pipe: they were written before the reply, so they are there at the next turn.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    this.#pending.clear();
    return this.#failures.splice(0);
  }

  /** Ends the program; what was sent before is still done. */
  async close(): Promise<void> {
    this.#process.closeInput();
    await this.#process.done;
  }

  #hear(line: string): void {
    if (FENCE_REPLY[this.#program].test(line)) this.#fences.shift()?.resolve();
  }

  /** `Error: …` or `RTNETLINK answers: …`, then `Command failed -:LINE`. */
  #hearError(line: string): void {
    const failed = /^Command failed -:(\d+)/.exec(line);
    if (!failed) {
      this.#said = line;
      return;
    }
    const command = this.#pending.get(Number(failed[1]));
    if (command) this.#failures.push({ command, message: this.#said.replace(/^(Error|RTNETLINK answers): /, '') || 'it failed' });
    this.#said = '';
  }
}
