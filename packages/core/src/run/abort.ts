import { SatsimError } from '../errors.js';

/**
 * The work's own result, or a rejection with the signal's reason `graceMs` after an abort: what doesn't listen to its
 * signal can't hold the run. The work's late rejection is then nobody's any more.
 */
export async function abortable<T>(work: Promise<T>, signal: AbortSignal, graceMs = 0): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason as Error), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}

/**
 * @param hurry from when its signal aborts, this is all the time that the work has left
 * @throws SatsimError INTERNAL when the work takes longer; the work itself goes on unheard
 */
export async function within<T>(
  work: Promise<T>,
  limitMs: number,
  what: string,
  hurry?: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onHurry = (): void => {};
  const late = new Promise<never>((_, reject) => {
    const allow = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => reject(new SatsimError('INTERNAL', `${what} did not end within ${ms / 1000} s`)), ms);
    };
    onHurry = () => allow(Math.min(hurry?.limitMs ?? limitMs, limitMs));
    if (hurry?.signal.aborted) onHurry();
    else allow(limitMs);
    hurry?.signal.addEventListener('abort', onHurry, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    hurry?.signal.removeEventListener('abort', onHurry);
  }
}

/**
 * As {@link within}, for work that takes as long as it takes: the limit is for a time in which `progress` stays the same.
 *
 * @param hurry from when its signal aborts, this is all the time that the work has left, with progress or without
 */
export async function withinSilence<T>(
  work: Promise<T>,
  silenceMs: number,
  progress: () => number,
  what: string,
  hurry: { readonly signal: AbortSignal; readonly limitMs: number },
): Promise<T> {
  let failed = false;
  work.catch(() => {
    failed = true;
  });
  for (let before = progress(); ; before = progress()) {
    try {
      return await within(work, silenceMs, what, hurry);
    } catch (error) {
      if (failed || hurry.signal.aborted) throw error;
      if (progress() === before) throw new SatsimError('INTERNAL', `${what} has made no progress for ${Number((silenceMs / 1000).toFixed(1))} s`);
    }
  }
}

/** A door that a pause closes: those who come wait until it opens or the signal says to give up waiting. */
export class Gate {
  #opened: Promise<void> | null = null;
  #open: () => void = () => {};

  get closed(): boolean {
    return this.#opened !== null;
  }

  close(): void {
    if (this.#opened) return;
    this.#opened = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  open(): void {
    this.#opened = null;
    this.#open();
  }

  /** Resolves when it opens. It may be closed again by the time the caller goes on. */
  async pass(): Promise<void> {
    await this.#opened;
  }
}
