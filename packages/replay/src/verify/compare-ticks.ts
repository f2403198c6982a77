import { TraceHash } from '@satsim/core';
import type { TickUpdate, TraceHeader } from '@satsim/core';
import { differenceOf, type Divergence } from './divergence.js';

/** How far two streams of ticks are the same, by their canonical text. */
export interface Compared {
  /** Ticks that are identical, from the first on. */
  readonly ticks: number;
  readonly divergence: Divergence | null;
  /** The hash of the second stream under the header given, as far as it was read. */
  readonly sha256: string;
}

/**
 * Holds ticks against recorded ones, both from their first on, up to the end of the recorded ones (or of `limit`) or to the
 * first that differs.
 */
export async function compareTicks(
  header: TraceHeader,
  recorded: AsyncIterable<TickUpdate>,
  now: AsyncIterable<TickUpdate>,
  limit = Infinity,
): Promise<Compared> {
  const comparison = new TickComparison(header);
  const others = now[Symbol.asyncIterator]();
  try {
    for await (const tick of recorded) {
      if (comparison.ticks >= limit) break;
      const { value, done } = await others.next();
      if (!comparison.add(tick, done === true ? null : value)) break;
    }
  } finally {
    await others.return?.();
  }
  return comparison.result;
}

/** Tick by tick, for those who are handed the second stream. */
export class TickComparison {
  readonly #recorded: TraceHash;
  readonly #now: TraceHash;
  #ticks = 0;
  #divergence: Divergence | null = null;

  constructor(header: TraceHeader) {
    this.#recorded = new TraceHash(header);
    this.#now = new TraceHash(header);
  }

  get ticks(): number {
    return this.#ticks;
  }

  /**
   * @param recorded `null` after the last one
   * @param now likewise
   * @returns whether they are the same, as all before them; nothing more is compared otherwise
   */
  add(...[recorded, now]: [TickUpdate, TickUpdate | null] | [null, TickUpdate]): boolean {
    if (this.#divergence !== null) return false;
    if (recorded === null || now === null) {
      const { tickIndex, simTimeMs } = recorded ?? now;
      this.#divergence = { tickIndex, simTimeMs, linkId: null, field: 'tick', expected: recorded && 'a tick', actual: now && 'a tick' };
      return false;
    }
    const expected = this.#recorded.add(recorded);
    const actual = this.#now.add(now);
    if (Buffer.compare(expected, actual) === 0) {
      this.#ticks += 1;
      return true;
    }
    this.#divergence = differenceOf(recorded, now);
    return false;
  }

  /** Ends the comparison. */
  get result(): Compared {
    return { ticks: this.#ticks, divergence: this.#divergence, sha256: this.#now.digest() };
  }
}
