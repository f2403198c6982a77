import type { Terminal } from '@satsim/geomrf-proto';
import { grown, roomy } from '../links/columns.js';
import { Beams } from './beams.js';
import type { SatellitesInUse } from './satellites-in-use.js';
import type { VisibleSatellites } from './visibility.js';

/** What a visible satellite is to its site. */
export const FREE = 0;
export const KEPT = 1;
export const TAKEN = 2;
/** In use until now, and up for choice again. */
export const HELD = 3;

/**
 * The choice of all sites while it is made, one site's turn after the other. An entry is one of the tick's visible
 * satellites.
 */
export class Choice {
  /** By entry; until when those in use are in outage, Unix ms, and their beam. */
  state = new Uint8Array(0);
  outageUntilMs = new Float64Array(0);
  beam = new Int32Array(0);
  /** Entries in use by the site whose turn it is: the first {@link count}. */
  list = new Int32Array(16);
  count = 0;
  /** Terminals by satellite. */
  readonly load: Int32Array;
  readonly beams: Beams;
  /** Entries that were in use at the tick before: those of site `s` are `keptStart[s]` to `keptStart[s + 1]`, ascending. */
  readonly keptStart: Int32Array;
  kept = new Int32Array(16);

  /** @param terminals of the satellites */
  constructor(terminals: readonly (Terminal | undefined)[], sites: number) {
    this.beams = new Beams(terminals);
    this.load = new Int32Array(terminals.length);
    this.keptStart = new Int32Array(sites + 1);
  }

  /** Begins with what was in use and is still visible. */
  begin({ start, satellite }: VisibleSatellites, before: SatellitesInUse): void {
    const sites = this.keptStart.length - 1;
    this.#reserve(start[sites], before.start[sites]);
    this.beams.clear();
    this.load.fill(0);
    let kept = 0;
    for (let s = 0; s < sites; s++) {
      for (let k = before.start[s]; k < before.start[s + 1]; k++) {
        const entry = find(satellite, start[s], start[s + 1], before.satellite[k]);
        if (entry < 0) continue;
        this.kept[kept++] = entry;
        this.state[entry] = KEPT;
        this.outageUntilMs[entry] = before.outageUntilMs[k];
        this.beam[entry] = before.beam[k];
        this.beams.hold(satellite[entry], before.beam[k]);
        this.load[satellite[entry]]++;
      }
      this.keptStart[s + 1] = kept;
    }
  }

  /** Puts everything that is in use up for choice again. */
  reopen(): void {
    for (let k = 0; k < this.keptStart[this.keptStart.length - 1]; k++) this.state[this.kept[k]] = HELD;
    this.beams.clear();
    this.load.fill(0);
  }

  /** A site's turn begins, with what it keeps. */
  open(s: number): void {
    this.count = 0;
    for (let k = this.keptStart[s]; k < this.keptStart[s + 1]; k++) if (this.state[this.kept[k]] === KEPT) this.#add(this.kept[k]);
  }

  /** A site's turn ends: puts {@link list} into order. */
  close(): void {
    const { list } = this;
    for (let i = 1; i < this.count; i++) {
      const entry = list[i];
      let place = i;
      for (; place > 0 && list[place - 1] > entry; place--) list[place] = list[place - 1];
      list[place] = entry;
    }
  }

  take(entry: number, satellite: number): void {
    const held = this.state[entry] === HELD;
    this.state[entry] = held ? KEPT : TAKEN;
    if (!held) this.outageUntilMs[entry] = -Infinity;
    this.beam[entry] = this.beams.take(satellite);
    this.load[satellite]++;
    this.#add(entry);
  }

  leave(entry: number, satellite: number): void {
    this.state[entry] = FREE;
    this.beams.leave(satellite, this.beam[entry]);
    this.load[satellite]--;
    this.list[this.list.indexOf(entry)] = this.list[--this.count];
  }

  #add(entry: number): void {
    this.list = grown(this.list, this.count + 1);
    this.list[this.count++] = entry;
  }

  #reserve(entries: number, kept: number): void {
    this.kept = roomy(this.kept, kept);
    this.state = roomy(this.state, entries);
    this.outageUntilMs = roomy(this.outageUntilMs, entries);
    this.beam = roomy(this.beam, entries);
    this.state.fill(FREE, 0, entries);
  }
}

/** Where an ascending range has a value, −1 for nowhere. */
function find(ascending: Int32Array, from: number, to: number, value: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low < to && ascending[low] === value ? low : -1;
}
