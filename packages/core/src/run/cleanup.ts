import { within } from './abort.js';

/** What a step is allowed once the run is aborted: all together end before the process is (see signals.ts). */
const HURRIED_LIMIT_MS = 3_000;

interface Step {
  readonly what: string;
  readonly release: () => Promise<void> | void;
  readonly limitMs: number;
}

/** A step of the clean-up that went wrong. */
export interface CleanupFailure {
  readonly what: string;
  readonly error: unknown;
}

/** Undoes what was done, in reverse order. One step that fails or hangs keeps no other from its turn, and no error is lost. */
export class Cleanup {
  readonly #steps: Step[] = [];

  /** @param limitMs after which the step counts as failed and the next one has its turn */
  defer(what: string, release: () => Promise<void> | void, limitMs = 10_000): void {
    this.#steps.push({ what, release, limitMs });
  }

  /**
   * May be called again: only what was deferred since is then released.
   * @param aborting from when it aborts, each step has a short time only
   */
  async run(aborting: AbortSignal): Promise<readonly CleanupFailure[]> {
    const failures: CleanupFailure[] = [];
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      const { what, release, limitMs } = step;
      try {
        await within(Promise.resolve().then(release), limitMs, what, { signal: aborting, limitMs: HURRIED_LIMIT_MS });
      } catch (error) {
        failures.push({ what, error });
      }
    }
    return failures;
  }
}
