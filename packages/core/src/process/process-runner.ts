import { createRequire } from 'node:module';
import type { Readable } from 'node:stream';
import type * as Execa from 'execa';
import type { ProcessOptions, ProcessResult, ProcessRunner, RunningProcess } from '../contract/services.js';
import { LaneError } from '../errors.js';
import { dieWithParent, isInstalled } from './die-with-parent.js';
import { LineSplitter } from './line-splitter.js';
import { Tail } from './tail.js';

/** Loaded with the first program: it is a sixth of all that a command loads, and most runs start none. */
const require = createRequire(import.meta.url);
const loadExeca = () => require('execa') as typeof Execa;

const STDERR_BYTES = 64 * 1024;
/** What a program may print before the beginning of it is forgotten. */
const STDOUT_BYTES = 64 * 1024 * 1024;
const GRACE_MS = 2_000;
/** What a program that has ended may still have in its pipes; a daemon that it left would keep them open for ever. */
const LINGER_MS = 500;

/**
 * Starts programs in process groups of their own, so that what they start can be ended with them. The lane's name in its
 * errors is left open: the lane's runner adds it.
 */
export class RunProcesses implements ProcessRunner {
  /** Groups that may still have members, by the id of their leader. */
  readonly #groups = new Set<number>();
  readonly #running = new Map<number, RunningProcess>();
  #closed = false;

  async run(command: string, args: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
    const result = await this.start(command, args, options).done;
    if (options.signal?.aborted) throw new LaneError('', `${commandLine(command, args)} was aborted`, { cause: options.signal.reason });
    if (result.exitCode === 0) return result;
    const how = result.exitCode === null ? `was ended by ${result.signal}` : `failed with exit code ${result.exitCode}`;
    throw new LaneError('', `${commandLine(command, args)} ${how}: ${result.stderrTail.trim() || 'it wrote nothing to stderr'}`);
  }

  start(command: string, args: readonly string[], options: ProcessOptions = {}): RunningProcess {
    if (this.#closed) throw new LaneError('', `${commandLine(command, args)} was not started: the run is over`);
    const stdout = new Tail(STDOUT_BYTES);
    const stderr = new Tail(STDERR_BYTES);
    const { onLine } = options;
    if (!isInstalled(command, options.env?.['PATH'])) throw cannotStart(command, args);
    const { execa } = loadExeca();
    const child = execa(...(options.endsItself ? ([command, args] as const) : dieWithParent(command, args)), {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.env === undefined ? {} : { env: options.env }),
      ...(onLine !== undefined ? { stdin: 'pipe' } : options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
      detached: true,
      cleanup: false,
      reject: false,
      buffer: false,
    });
    child.stderr.on('data', (chunk: Uint8Array) => stderr.add(chunk));
    if (onLine === undefined) child.stdout.on('data', (chunk: Uint8Array) => stdout.add(chunk));
    else for (const from of ['stdout', 'stderr'] as const) tellLines(child[from], (line) => onLine(line, from));
    const { pid } = child;
    if (pid === undefined) throw cannotStart(command, args);
    this.#groups.add(pid);
    let lingering: NodeJS.Timeout | undefined;
    child.nodeChildProcess.once('exit', () => {
      lingering = setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => pipe.destroy()), LINGER_MS);
    });
    // A program that ends while it is written to: `write` tells, or its end does.
    child.stdin?.on('error', () => undefined);

    const done = child.then(({ exitCode, signal }): ProcessResult => {
      clearTimeout(killTimer);
      clearTimeout(lingering);
      options.signal?.removeEventListener('abort', onAbort);
      this.#running.delete(pid);
      if (!signalGroup(pid, 0)) this.#groups.delete(pid);
      return {
        exitCode: exitCode ?? child.nodeChildProcess.exitCode,
        signal: signal ?? child.nodeChildProcess.signalCode,
        stdout: stdout.toString(),
        stderrTail: stderr.toString(),
      };
    });
    let killTimer: NodeJS.Timeout | undefined;
    const stop = (): Promise<ProcessResult> => {
      if (this.#running.has(pid) && killTimer === undefined) {
        signalGroup(pid, 'SIGTERM');
        killTimer = setTimeout(() => signalGroup(pid, 'SIGKILL'), options.graceMs ?? GRACE_MS);
      }
      return done;
    };
    const onAbort = (): void => void stop();
    const write = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const failed = (error?: Error | null): void =>
          error ? reject(new LaneError('', `${commandLine(command, args)} takes no more input: ${stderr.toString().trim() || error.message}`)) : resolve();
        if (child.stdin === null) failed(new Error('its stdin was not kept open: start it with onLine'));
        else child.stdin.write(text, failed);
      });
    const running: RunningProcess = { pid, done, stop, write, closeInput: () => void child.stdin?.end() };
    this.#running.set(pid, running);
    if (options.signal?.aborted) onAbort();
    else options.signal?.addEventListener('abort', onAbort, { once: true });
    return running;
  }

  /** Ends everything that still runs and starts nothing more; returns the command's process ids that had to be ended. */
  async close(): Promise<readonly number[]> {
    this.#closed = true;
    const left = [...this.#running.values()];
    await Promise.all(left.map((process) => process.stop()));
    this.killNow();
    return left.map(({ pid }) => pid);
  }

  /** SIGKILL to every group, without waiting. */
  killNow(): void {
    this.#closed = true;
    for (const pid of this.#groups) signalGroup(pid, 'SIGKILL');
    this.#groups.clear();
  }
}

function tellLines(pipe: Readable, tell: (line: string) => void): void {
  const lines = new LineSplitter(tell);
  pipe.on('data', (chunk: Uint8Array) => lines.add(chunk));
  pipe.once('end', () => lines.end());
}

function cannotStart(command: string, args: readonly string[]): LaneError {
  return new LaneError('', `${commandLine(command, args)} cannot be started`, { hint: `is ${command} installed, and on PATH?` });
}

/** @returns whether the group has members */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    // A negative id is the group's; Windows has no groups.
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
    return true;
  } catch {
    return false;
  }
}

function commandLine(command: string, args: readonly string[]): string {
  const line = [command, ...args].join(' ');
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
