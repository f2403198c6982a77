import type { Terminal } from '@satsim/geomrf-proto';

/** The beam of a terminal whose satellite has no limit of them: its own. */
export const OWN_BEAM = -1;

/**
 * Beams of satellites. A satellite serves at most `beams` × `terminals_per_beam` terminals at a time; a terminal takes the
 * beam with the fewest terminals, the lowest of those. Beams are counted anew each tick, from {@link clear} on.
 */
export class Beams {
  /** Whether any satellite has a limit at all. */
  readonly limited: boolean;
  readonly #beams: Int32Array;
  readonly #perBeam: Int32Array;
  readonly #used: Int32Array;
  /** Terminals by beam, of satellites that were used once. */
  readonly #terminals: (Uint16Array | undefined)[];

  /** @param terminals of the satellites */
  constructor(terminals: readonly (Terminal | undefined)[]) {
    this.#beams = Int32Array.from(terminals, (each) => each?.beams ?? 0);
    this.#perBeam = Int32Array.from(terminals, (each) => Math.max(1, each?.terminalsPerBeam ?? 1));
    this.#used = new Int32Array(terminals.length);
    this.#terminals = new Array<Uint16Array | undefined>(terminals.length);
    this.limited = this.#beams.some((each) => each > 0);
  }

  clear(): void {
    if (!this.limited) return;
    this.#used.fill(0);
    for (const terminals of this.#terminals) terminals?.fill(0);
  }

  hasRoom(satellite: number): boolean {
    return this.#beams[satellite] === 0 || this.#used[satellite] < this.#beams[satellite] * this.#perBeam[satellite];
  }

  /** The beam for one terminal more; there has to be room. */
  take(satellite: number): number {
    if (this.#beams[satellite] === 0) return OWN_BEAM;
    const terminals = this.#of(satellite);
    let beam = 0;
    for (let other = 1; other < terminals.length; other++) if (terminals[other] < terminals[beam]) beam = other;
    this.hold(satellite, beam);
    return beam;
  }

  /** One terminal more in a beam that it has already. */
  hold(satellite: number, beam: number): void {
    if (beam === OWN_BEAM) return;
    this.#used[satellite]++;
    this.#of(satellite)[beam]++;
  }

  leave(satellite: number, beam: number): void {
    if (beam === OWN_BEAM) return;
    this.#used[satellite]--;
    this.#of(satellite)[beam]--;
  }

  /** Terminals in a beam. */
  sharers(satellite: number, beam: number): number {
    return beam === OWN_BEAM ? 1 : this.#of(satellite)[beam];
  }

  #of(satellite: number): Uint16Array {
    return (this.#terminals[satellite] ??= new Uint16Array(this.#beams[satellite]));
  }
}
