import { writeSync } from 'node:fs';
import { hasPrinted } from './output.js';
import { argumentOf } from './raw-arguments.js';

const INTERRUPTED_EXIT_CODE = 130;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Terminal, shell, npm and our own wrapper all pass the same Ctrl-C on: signals this close together are one. */
const TOGETHER_MS = 100;

type Listener = (signal: NodeJS.Signals) => void;

let current: Listener | null = null;

/** First of all: a signal ends the process at once, as there is nothing to clean up. Imports next to nothing, so that it is early. */
export function exitOnInterrupt(argv: readonly string[]): void {
  let last = -Infinity;
  for (const name of SIGNALS) {
    process.on(name, (signal) => {
      const now = performance.now();
      const repeated = now - last < TOGETHER_MS;
      last = now;
      if (!repeated) (current ?? leave)(signal);
    });
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
