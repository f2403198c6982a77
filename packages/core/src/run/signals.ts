import { ERRORS } from '../errors.js';
import type { Run } from './types.js';

/** What an aborted run is allowed until it has released everything. */
const ABORT_LIMIT_MS = 15_000;

/**
 * SIGINT and SIGTERM: the first stops the run in order, the second aborts it, the third, or 15 s after the second, ends
 * the process with exit code 130.
 * @returns what takes the handlers away again; call it when the run is over
 */
export function handleSignals(run: Run): () => void {
  let count = 0;
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (reason: string): never => {
    run.terminate(reason);
    process.exit(ERRORS.INTERRUPTED.exitCode);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count === 1) run.stop('interrupted');
    else if (count === 2) {
      run.abort();
      timer = setTimeout(() => giveUp(`interrupted by ${signal}; the run did not end within ${ABORT_LIMIT_MS / 1000} s`), ABORT_LIMIT_MS);
    } else giveUp(`interrupted by ${signal} three times`);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return () => {
    clearTimeout(timer);
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
}
