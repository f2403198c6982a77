import type { Path } from '@satsim/routing';

/** Longer than a measurement takes to become known. */
const KEPT_MS = 10_000;

/** A flow's paths of the last ticks: what a packet became is known some ticks after it was sent. */
export class PathHistory {
  readonly #paths: { readonly sinceMs: number; readonly path: Path | null }[] = [];

  /** In order. @param sinceMs sim time from which on the path is in force */
  add(sinceMs: number, path: Path | null): void {
    if (this.#paths.at(-1)?.path?.hash !== path?.hash || this.#paths.length === 0) this.#paths.push({ sinceMs, path });
    while (this.#paths.length > 1 && this.#paths[1]!.sinceMs < sinceMs - KEPT_MS) this.#paths.shift();
  }

  /** The path at a sim time; the oldest that is known for a time before it. */
  at(simTimeMs: number): Path | null {
    return (this.#paths.findLast(({ sinceMs }) => sinceMs <= simTimeMs) ?? this.#paths[0])?.path ?? null;
  }
}
