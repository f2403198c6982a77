/** Unordered pairs of satellites, each once; `a` < `b`. */
export class PairSet {
  readonly #keys = new Set<number>();
  readonly #size: number;

  /** @param satellites how many there are */
  constructor(satellites: number) {
    this.#size = satellites;
  }

  /** A pair of a satellite with itself, or one that is there already, changes nothing. */
  add(one: number, other: number): void {
    if (one !== other) this.#keys.add(Math.min(one, other) * this.#size + Math.max(one, other));
  }

  /** Ascending. */
  toArray(): readonly (readonly [a: number, b: number])[] {
    return [...this.#keys].sort((p, q) => p - q).map((key) => [Math.floor(key / this.#size), key % this.#size] as const);
  }
}
