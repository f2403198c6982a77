import { type ChildProcess, fork } from 'node:child_process';
import { dieWithParent, messageOf } from '@satsim/core';
import { residentMiB } from './memory.js';
import type { CellJob, CellResult, FromWorker, ToWorker } from './protocol.js';

/** A module that calls `serveCells`, and the one argument that it is started with. */
export interface WorkerModule {
  readonly path: string;
  readonly argument: string;
}

const STDERR_CHARACTERS = 2_000;

/** A process that runs cells, one at a time; to start one takes as long as some cells do. */
export class CellWorker {
  readonly #child: ChildProcess | null = null;
  readonly #exited: Promise<unknown> = Promise.resolve();
  /** In words why there is no process: no more are allowed, or no memory is left; `null` as long as nothing is known of it. */
  notStarted: string | null = null;
  #stderr = '';
  #measuredMiB = 0;

  constructor({ path, argument }: WorkerModule) {
    // It must end even when nobody is left to end it; a group of its own keeps the terminal's Ctrl-C from it: the sweep decides.
    const [command, args] = dieWithParent(process.execPath, process.execArgv);
    try {
      const child = fork(path, [argument], { execPath: command, execArgv: [...args], stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true });
      this.#child = child;
      child.stderr?.on('data', (chunk: Buffer) => (this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_CHARACTERS)));
      this.#exited = new Promise<void>((resolve) => {
        child.on('exit', () => resolve());
        // Of one that runs this is a message that came too late: its exit is what counts.
        child.on('error', (error) => {
          if (child.pid !== undefined) return;
          this.notStarted = reason(error);
          resolve();
        });
      });
    } catch (error) {
      // Some of what keeps a process from being started is thrown, the rest is told later.
      this.notStarted = reason(error);
    }
  }

  get alive(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected;
  }

  /** The most that it has been seen with, and what it started with it. */
  get peakMiB(): number {
    return this.#measuredMiB;
  }

  /** What it has now, in MiB. */
  measure(): number {
    const now = (this.#child?.pid === undefined ? null : residentMiB(this.#child.pid)) ?? this.#measuredMiB;
    this.#measuredMiB = Math.max(this.#measuredMiB, now);
    return now;
  }

  /** @param onStarted is waited for before the run begins */
  async run(job: CellJob, onStarted: (runDir: string) => Promise<void>): Promise<CellResult> {
    let runDir: string | null = null;
    let listen: (message: FromWorker) => void = () => undefined;
    const ended = new Promise<CellResult>((resolve, reject) => {
      listen = (message): void => {
        if (message.type === 'started') {
          ({ runDir } = message);
          onStarted(runDir).then(() => this.send({ type: 'go' }), reject);
        } else {
          this.#measuredMiB = Math.max(this.#measuredMiB, message.maxRssMiB);
          resolve(message.result);
        }
      };
    });
    this.#child?.on('message', listen);
    this.send({ type: 'job', job });
    const died = this.#exited.then((): CellResult => ({ runDir, exitCode: 1, error: { code: 'SWEEP_FAILED', message: this.#death() } }));
    try {
      return await Promise.race([ended, died]);
    } finally {
      this.#child?.off('message', listen);
    }
  }

  send(message: ToWorker): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined);
  }

  /** Lets go of an idle one. */
  async end(): Promise<void> {
    if (this.#child?.connected) this.#child.disconnect();
    await this.#exited;
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  #death(): string {
    if (this.#child === null || this.notStarted !== null) return this.notStarted!;
    const { signalCode, exitCode } = this.#child;
    const how = signalCode === null ? `exit code ${exitCode}` : signalCode;
    return `the process that ran it ended (${how})${this.#stderr.trim() === '' ? '' : `: ${this.#stderr.trim()}`}`;
  }
}

function reason(error: unknown): string {
  return `no process can be started for it: ${messageOf(error)}`;
}
