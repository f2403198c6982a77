import type { Terminal } from '@satsim/geomrf-proto';
import { Beams } from './beams.js';
import type { SatellitesInUse, VisibleSatellites } from './satellites-in-use.js';

/** What a visible satellite is to its site. */
export const FREE = 0;
export const KEPT = 1;
export const TAKEN = 2;
/** In use until now, and up for choice again. */
export const HELD = 3;

/** The choice of all sites while it is made: by entry of the tick's visible satellites. */
export class Choice {
  state = new Uint8Array(0);
  /** Of those in use: until when they are in outage, Unix ms, and their beam. */
  outageUntilMs = new Float64Array(0);
  beam = new Int32Array(0);
  /** Terminals by satellite. */
  readonly load: Int32Array;
  readonly beams: Beams;
  #entries = 0;

  /** @param terminals of the satellites */
  constructor(terminals: readonly (Terminal | undefined)[]) {
    this.beams = new Beams(terminals);
    this.load = new Int32Array(terminals.length);
  }

  /** Begins with what was in use and is still visible. */
  begin({ start, satellite }: VisibleSatellites, before: SatellitesInUse): void {
    const sites = before.start.length - 1;
    this.#reserve(start[sites]);
    this.beams.clear();
    this.load.fill(0);
    for (let s = 0; s < sites; s++) {
      let j = start[s];
      for (let k = before.start[s]; k < before.start[s + 1]; k++) {
        while (j < start[s + 1] && satellite[j] < before.satellite[k]) j++;
        if (j === start[s + 1]) break;
        if (satellite[j] !== before.satellite[k]) continue;
        this.state[j] = KEPT;
        this.outageUntilMs[j] = before.outageUntilMs[k];
        this.beam[j] = before.beam[k];
        this.beams.hold(satellite[j], before.beam[k]);
        this.load[satellite[j]]++;
      }
    }
  }

  /** Puts everything that is in use up for choice again. */
  reopen(): void {
    for (let j = 0; j < this.#entries; j++) if (this.state[j] === KEPT) this.state[j] = HELD;
    this.beams.clear();
    this.load.fill(0);
  }

  take(entry: number, satellite: number): void {
    const held = this.state[entry] === HELD;
    this.state[entry] = held ? KEPT : TAKEN;
    if (!held) this.outageUntilMs[entry] = -Infinity;
    this.beam[entry] = this.beams.take(satellite);
    this.load[satellite]++;
  }

  leave(entry: number, satellite: number): void {
    this.state[entry] = FREE;
    this.beams.leave(satellite, this.beam[entry]);
    this.load[satellite]--;
  }

  isInUse(entry: number): boolean {
    return this.state[entry] === KEPT || this.state[entry] === TAKEN;
  }

  #reserve(entries: number): void {
    this.#entries = entries;
    if (entries > this.state.length) {
      this.state = new Uint8Array(2 * entries);
      this.outageUntilMs = new Float64Array(2 * entries);
      this.beam = new Int32Array(2 * entries);
    } else this.state.fill(FREE, 0, entries);
  }
}
