import { Signal } from './signal.js';

/** The one time that map, charts and tables show, in seconds since the start of the run. */
export class Clock {
  readonly lengthS: number;
  readonly stepS: number;
  #nowS = 0;
  readonly #changed = new Signal();

  constructor(lengthS: number, stepS: number) {
    this.lengthS = lengthS;
    this.stepS = stepS;
  }

  get nowS(): number {
    return this.#nowS;
  }

  set(timeS: number): void {
    const next = Math.max(0, Math.min(this.lengthS, timeS));
    if (next === this.#nowS) return;
    this.#nowS = next;
    this.#changed.tell();
  }

  /** To the next tick, or so many further; backwards with a negative number. */
  step(ticks: number): void {
    this.set((Math.round(this.#nowS / this.stepS) + ticks) * this.stepS);
  }

  /** @returns what ends it */
  onChange(listener: () => void): () => void {
    return this.#changed.on(listener);
  }
}

/** `5:07`, `1:05:07`; with decimals where ticks are shorter than a second. */
export function offset(timeS: number, stepS = 1): string {
  const digits = stepS >= 1 ? 0 : stepS >= 0.1 ? 1 : 2;
  const unit = 10 ** digits;
  const whole = Math.round(timeS * unit);
  const seconds = (whole % (60 * unit)) / unit;
  const minutes = Math.floor(whole / (60 * unit));
  const padded = seconds.toFixed(digits).padStart(digits > 0 ? 3 + digits : 2, '0');
  return minutes < 60 ? `${minutes}:${padded}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${padded}`;
}

/** `2026-11-20 00:05:07 UTC` */
export function utc(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What the keys of a slider do to the clock. @returns whether the key meant anything */
export function clockKey(clock: Clock, { key, shiftKey }: KeyboardEvent): boolean {
  const page = Math.max(1, Math.round(clock.lengthS / clock.stepS / 20));
  const one = shiftKey ? 10 : 1;
  const steps: Readonly<Record<string, number>> = { ArrowRight: one, ArrowUp: one, ArrowLeft: -one, ArrowDown: -one, PageUp: page, PageDown: -page };
  if (key === 'Home') clock.set(0);
  else if (key === 'End') clock.set(clock.lengthS);
  else if (steps[key] !== undefined) clock.step(steps[key]);
  else return false;
  return true;
}
