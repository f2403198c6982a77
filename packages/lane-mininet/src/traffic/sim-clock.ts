/** Tells sim time between ticks: a tick's time when it came into force, and from there on with the wall clock, for one tick. */
export class SimClock {
  readonly #dtMs: number;
  #simTimeMs: number;
  #wallMs: number;

  /** @param wallMs Unix ms */
  constructor(t0Ms: number, dtMs: number, wallMs: number) {
    this.#dtMs = dtMs;
    this.#simTimeMs = t0Ms;
    this.#wallMs = wallMs;
  }

  tick(simTimeMs: number, wallMs: number): void {
    this.#simTimeMs = simTimeMs;
    this.#wallMs = wallMs;
  }

  /** The moment of the wall clock at which the last tick's time is over, Unix ms. */
  get tickEndMs(): number {
    return this.#wallMs + this.#dtMs;
  }

  /** Sim time of a moment of the wall clock that may lie a little before the last tick; whole Unix ms. */
  at(wallMs: number): number {
    return Math.round(this.#simTimeMs + Math.min(wallMs - this.#wallMs, this.#dtMs));
  }
}
