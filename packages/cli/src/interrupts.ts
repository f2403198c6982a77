import { writeSync } from 'node:fs';
import { hasPrinted } from './output.js';
import { argumentOf } from './raw-arguments.js';

const INTERRUPTED_EXIT_CODE = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Terminal, shell and npm all pass the same Ctrl-C on: signals this close together are one. */
const TOGETHER_MS = 100;

type Listener = (signal: NodeJS.Signals) => void;

/**
 * Signals that are heard by this process, by its wrapper, or by both, however late the one may hear of what the other has:
 * as many requests as the one of them has heard that has heard more.
 */
export class Requests {
  readonly #heard = { here: 0, wrapper: 0 };
  readonly #lastMs = { here: -Infinity, wrapper: -Infinity };
  readonly #listener: Listener;
  #told = 0;

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  hear(by: 'here' | 'wrapper', signal: NodeJS.Signals, nowMs: number): void {
    const repeated = nowMs - this.#lastMs[by] < TOGETHER_MS;
    this.#lastMs[by] = nowMs;
    if (repeated) return;
    this.#heard[by] += 1;
    if (this.#heard[by] <= this.#told) return;
    this.#told += 1;
    this.#listener(signal);
  }
}

let current: Listener | null = null;

/** First of all: a signal ends the process at once, as there is nothing to clean up. Imports next to nothing, so that it is early. */
export function exitOnInterrupt(argv: readonly string[]): void {
  const requests = new Requests((signal) => (current ?? leave)(signal));
  for (const name of SIGNALS) process.on(name, (signal) => requests.hear('here', signal, performance.now()));
  if (process.channel) {
    // A Node that is too old has started this one, and tells what it hears itself.
    process.on('message', (message: { readonly signal?: unknown } | null) => {
      const signal = SIGNALS.find((name) => name === message?.signal);
      if (signal !== undefined) requests.hear('wrapper', signal, performance.now());
    });
    process.channel.unref();
  }
  function leave(signal: NodeJS.Signals): void {
    // stdout holds one object: what has been printed, if only in part, is the answer.
    if (argumentOf(argv, '--format') === 'json' && !hasPrinted()) {
      const error = { code: 'INTERRUPTED', exitCode: INTERRUPTED_EXIT_CODE, message: `Interrupted by ${signal}` };
      writeSync(1, `${JSON.stringify({ error }, null, 2)}\n`);
    }
    process.exit(INTERRUPTED_EXIT_CODE);
  }
}

/** From now on the caller hears of signals and has to end the process in order; the function returned gives them back. */
export function takeInterrupts(listener: Listener): () => void {
  const before = current;
  current = listener;
  return () => {
    current = before;
  };
}

/**
 * Work that has something to clean up: the first signal aborts it, the second ends the process.
 * @throws SatsimError INTERRUPTED when it was aborted
 */
export async function interruptible<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const { SatsimError } = await import('@satsim/core');
  const controller = new AbortController();
  const release = takeInterrupts((signal) => {
    if (controller.signal.aborted) process.exit(INTERRUPTED_EXIT_CODE);
    controller.abort(new SatsimError('INTERRUPTED', `Interrupted by ${signal}`));
  });
  try {
    const result = await work(controller.signal);
    controller.signal.throwIfAborted();
    return result;
  } catch (error) {
    controller.signal.throwIfAborted();
    throw error;
  } finally {
    release();
  }
}
