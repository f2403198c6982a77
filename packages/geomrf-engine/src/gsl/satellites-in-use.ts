import { grown } from '../links/columns.js';
import type { Beams } from './beams.js';

/** What the sites use at one tick, structure of arrays, site by site. */
export class SatellitesInUse {
  readonly start: Int32Array;
  satellite = new Int32Array(64);
  /** Entry in the visible satellites of the tick. */
  entry = new Int32Array(64);
  outageUntilMs = new Float64Array(64);
  inOutage = new Uint8Array(64);
  beam = new Int32Array(64);
  sharers = new Int32Array(64);
  #count = 0;

  constructor(sites: number) {
    this.start = new Int32Array(sites + 1);
  }

  clear(): void {
    this.#count = 0;
  }

  add(entry: number, satellite: number, outageUntilMs: number, timeMs: number, beam: number): void {
    const i = this.#count++;
    this.#reserve(i + 1);
    this.entry[i] = entry;
    this.satellite[i] = satellite;
    this.outageUntilMs[i] = outageUntilMs;
    this.inOutage[i] = timeMs < outageUntilMs ? 1 : 0;
    this.beam[i] = beam;
  }

  endSite(site: number): void {
    this.start[site + 1] = this.#count;
  }

  /** When all sites have had their turn: how many share each beam. */
  share(beams: Beams): void {
    for (let i = 0; i < this.#count; i++) this.sharers[i] = beams.sharers(this.satellite[i], this.beam[i]);
  }

  #reserve(count: number): void {
    this.satellite = grown(this.satellite, count);
    this.entry = grown(this.entry, count);
    this.outageUntilMs = grown(this.outageUntilMs, count);
    this.inOutage = grown(this.inOutage, count);
    this.beam = grown(this.beam, count);
    this.sharers = grown(this.sharers, count);
  }
}
