import type { Run } from '@satsim/core';
import { takeInterrupts } from './interrupts.js';

/** What an aborted run is allowed until it has released everything. */
const ABORT_LIMIT_MS = 15_000;

/**
 * The first signal stops a run in order, the second aborts it, the third, or 15 s, ends the process. Signals that come
 * while the run directory is still being made count for the run that will exist then.
 *
 * Core's `handleSignals` does this for programs that are signalled once a signal; a command gets copies (from the
 * terminal, npm, its own wrapper), which {@link takeInterrupts} tells apart from a second press.
 */
export class RunSignals {
  readonly release: () => void;
  #run: Run | null = null;
  #count = 0;

  constructor() {
    let timer: NodeJS.Timeout | undefined;
    const takeBack = takeInterrupts((signal) => {
      this.#count += 1;
      this.#act();
      if (this.#count === 2) timer = setTimeout(() => this.#giveUp(`${signal}, and not over ${ABORT_LIMIT_MS / 1000} s later`), ABORT_LIMIT_MS);
      if (this.#count > 2) this.#giveUp(`${signal}, three times`);
    });
    this.release = () => {
      clearTimeout(timer);
      takeBack();
    };
  }

  attach(run: Run): void {
    this.#run = run;
    this.#act();
  }

  #act(): void {
    if (this.#count === 1) this.#run?.stop('interrupted');
    if (this.#count === 2) this.#run?.abort();
  }

  #giveUp(how: string): void {
    this.#run?.terminate(`interrupted by ${how}`);
    process.exit(130);
  }
}
