import { setTimeout as sleep } from 'node:timers/promises';

export interface BackoffOptions {
  /** Attempts in all, the first one included. */
  readonly attempts: number;
  /** Before the second attempt; doubles with each further one. */
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export const DEFAULT_BACKOFF: BackoffOptions = { attempts: 5, firstDelayMs: 200, maxDelayMs: 3_000 };

/** Counts failures in a row and waits between attempts: exponential with jitter, so that clients don't come back in step. */
export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Something was achieved: the next failure is a first one again. */
  reset(): void {
    this.#failures = 0;
  }

  /** Takes note of a failure. `false`: there is no further attempt. */
  fail(): boolean {
    return ++this.#failures < this.#options.attempts;
  }

  /** Waits before the next attempt; rejects with the signal's reason. */
  async wait(signal: AbortSignal): Promise<void> {
    const { firstDelayMs, maxDelayMs } = this.#options;
    const delay = Math.min(maxDelayMs, firstDelayMs * 2 ** (this.#failures - 1)) * (0.5 + Math.random() / 2);
    try {
      await sleep(delay, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  }
}
