import { ERRORS } from '../errors.js';
import type { Run } from './types.js';

/** What an aborted run is allowed until it has released everything. */
const ABORT_LIMIT_MS = 15_000;

type Listener = (signal: NodeJS.Signals) => void;

export interface RunSignals {
  /** Signals that came before, while the run directory was being made, count for it. */
  attach(run: Run): void;
  /** Takes the handlers away again; call it when the run is over. */
  release(): void;
}

/**
 * SIGINT, SIGTERM and SIGHUP: the first stops the run in order, the second aborts it, the third, or 15 s after the second,
 * ends the process with exit code 130.
 *
 * @param subscribe where signals come from, for programs that get copies of one (from a terminal and a wrapper, say) and
 * tell those apart themselves; gives back what ends the subscription
 */
export function handleSignals(subscribe: (listener: Listener) => () => void = onProcessSignals): RunSignals {
  let run: Run | null = null;
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const act = (): void => {
    if (count === 1) run?.stop('interrupted');
    if (count === 2) run?.abort();
  };
  const giveUp = (how: string): void => {
    run?.terminate(`interrupted by ${how}`);
    process.exit(ERRORS.INTERRUPTED.exitCode);
  };
  const unsubscribe = subscribe((signal) => {
    count += 1;
    act();
    if (count === 2) timer = setTimeout(() => giveUp(`${signal}; the run did not end within ${ABORT_LIMIT_MS / 1000} s`), ABORT_LIMIT_MS);
    if (count > 2) giveUp(`${signal} three times`);
  });
  return {
    attach(attached) {
      run = attached;
      act();
    },
    release() {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}

function onProcessSignals(listener: Listener): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
