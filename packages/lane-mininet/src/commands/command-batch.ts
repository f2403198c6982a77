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

/**
 * Questions that are answered by an empty list, in every version: what was sent before has been done when the answer comes.
 * They cost the kernel nothing, and leave no filter behind, as `qdisc show dev` does for all later ones.
 */
const FENCE: Readonly<Record<'tc' | 'ip', string>> = { tc: 'filter show dev lo', ip: 'neigh show dev lo' };
const FENCE_REPLY = /^\[ *\]$/;
const FENCE_LIMIT_MS = 10_000;
/** For a program that does not end by itself when its input does. */
const CLOSE_LIMIT_MS = 200;

interface Fence {
  readonly resolve: (printed: readonly string[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A `tc` or `ip` that stays, in one network namespace: commands take force as they come, in order. A process a change would
 * be a thousand times slower.
 */
export class CommandBatch {
  readonly #name: string;
  readonly #program: 'tc' | 'ip';
  readonly #process: RunningProcess;
  /** Commands that no fence has passed, by their line. */
  readonly #pending = new Map<number, Command>();
  readonly #fences: Fence[] = [];
  #line = 0;
  #printed: string[] = [];
  #said = '';
  #failures: CommandFailure[] = [];
  #ended: LaneError | null = null;

  /**
   * @param pid a process of the namespace; `null` for the root namespace
   * @param place whose namespace it is, for errors
   */
  constructor(processes: ProcessRunner, program: 'tc' | 'ip', pid: number | null, place: string) {
    this.#program = program;
    this.#name = `${program} of ${place}`;
    const args = ['-j', '-force', '-batch', '-'];
    const options = {
      graceMs: CLOSE_LIMIT_MS,
      onLine: (line: string, from: 'stdout' | 'stderr') => (from === 'stderr' ? this.#hearError(line) : this.#hear(line)),
    };
    this.#process =
      pid === null ? processes.start(program, args, options) : processes.start('nsenter', [`--net=/proc/${pid}/ns/net`, program, ...args], options);
    void this.#process.done.then(({ stderrTail }) => {
      this.#ended = new LaneError('', `${this.#name} ended: ${stderrTail.trim().slice(-500) || 'it said nothing'}`);
      for (const { reject } of this.#fences.splice(0)) reject(this.#ended);
    });
  }

  /** @throws LaneError when the program has ended */
  send(commands: readonly Command[]): void {
    if (commands.length === 0) return;
    if (this.#ended) throw this.#ended;
    for (const command of commands) this.#pending.set((this.#line += 1), command);
    this.#write(commands.map(({ line }) => line));
  }

  /**
   * Resolves when everything that was sent is in force.
   *
   * @returns what failed
   * @throws LaneError when the program has ended or does not answer; the signal's reason
   */
  async fence(signal?: AbortSignal): Promise<readonly CommandFailure[]> {
    await this.#pass(signal);
    return this.#failures.splice(0);
  }

  /** What a command prints, by lines; nothing when it fails. Throws as {@link fence}. */
  async ask(question: string, signal?: AbortSignal): Promise<readonly string[]> {
    if (this.#ended) throw this.#ended;
    this.#line += 1;
    this.#write([question]);
    return this.#pass(signal);
  }

  /** Ends the program; what was sent before is still done, unless it hangs. */
  async close(): Promise<void> {
    this.#process.closeInput();
    const timer = setTimeout(() => void this.#process.stop(), CLOSE_LIMIT_MS);
    await this.#process.done;
    clearTimeout(timer);
  }

  async #pass(signal: AbortSignal | undefined): Promise<readonly string[]> {
    if (this.#ended) throw this.#ended;
    signal?.throwIfAborted();
    const last = (this.#line += 1);
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    const abort = (): void => reject(signal!.reason);
    const timer = setTimeout(() => reject(new LaneError('', `${this.#name} did not answer within ${FENCE_LIMIT_MS / 1000} s`)), FENCE_LIMIT_MS);
    signal?.addEventListener('abort', abort, { once: true });
    this.#fences.push({ resolve, reject });
    this.#write([FENCE[this.#program]]);
    const printed = await promise.finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    });
    // Errors come by the other pipe: they were written before the reply, so they are there at the next turn.
    await new Promise((turn) => setImmediate(() => setImmediate(turn)));
    for (const line of this.#pending.keys()) if (line <= last) this.#pending.delete(line);
    return printed;
  }

  #write(lines: readonly string[]): void {
    // What goes wrong is heard of at the fence, which comes after it on the same pipe.
    this.#process.write(lines.map((line) => `${line}\n`).join('')).catch(() => undefined);
  }

  #hear(line: string): void {
    if (FENCE_REPLY.test(line)) this.#fences.shift()?.resolve(this.#printed.splice(0));
    else this.#printed.push(line);
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
