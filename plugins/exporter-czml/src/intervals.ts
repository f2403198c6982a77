/** Unix milliseconds, from and to. */
export type Interval = readonly [fromMs: number, toMs: number];

/** When something was on. Told in the order of time. */
export class Intervals {
  readonly #closed: Interval[] = [];
  #since: number | null = null;

  on(timeMs: number): void {
    if (this.#since !== null) return;
    const last = this.#closed.at(-1);
    // Off and on again at the same time: it was never off.
    if (last?.[1] === timeMs) this.#closed.pop();
    this.#since = last?.[1] === timeMs ? last[0] : timeMs;
  }

  off(timeMs: number): void {
    if (this.#since !== null && timeMs > this.#since) this.#closed.push([this.#since, timeMs]);
    this.#since = null;
  }

  /** What is still on is on until the end. */
  until(endMs: number): readonly Interval[] {
    return this.#since !== null && endMs > this.#since ? [...this.#closed, [this.#since, endMs]] : this.#closed;
  }
}

/** ISO 8601, as CZML wants it. */
export const isoTime = (timeMs: number): string => new Date(timeMs).toISOString();
export const isoInterval = ([fromMs, toMs]: Interval): string => `${isoTime(fromMs)}/${isoTime(toMs)}`;

export interface BooleanInterval {
  readonly interval: string;
  readonly boolean: boolean;
}

/**
 * The value of a CZML `show` over a whole span, gaps told as `false`: Cesium takes a time without a value for `true`.
 * @param on in the order of time, without overlap
 * @returns undefined when it is on all the time
 */
export function showDuring(on: readonly Interval[], span: Interval): readonly BooleanInterval[] | undefined {
  const parts: BooleanInterval[] = [];
  let reached = span[0];
  const upTo = (toMs: number, value: boolean): void => {
    if (toMs > reached) parts.push({ interval: isoInterval([reached, toMs]), boolean: value });
    reached = Math.max(reached, toMs);
  };
  for (const [fromMs, toMs] of on) {
    upTo(fromMs, false);
    upTo(toMs, true);
  }
  upTo(span[1], false);
  return parts.every(({ boolean }) => boolean) ? undefined : parts;
}
