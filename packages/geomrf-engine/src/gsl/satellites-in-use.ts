import type { Beams } from './beams.js';

/** Which satellites stand above the mask of which site: entries of site `s` are `start[s]` to `start[s + 1]`, by ascending satellite. */
export interface VisibleSatellites {
  readonly start: Int32Array;
  readonly satellite: Int32Array;
  readonly rangeKm: Float64Array;
  readonly sinElevation: Float64Array;
}

/** What the sites use at one tick, structure of arrays, site by site. */
export class SatellitesInUse {
  readonly start: Int32Array;
  satellite = new Int32Array(64);
  /** Entry in the visible satellites of the tick. */
  entry = new Int32Array(64);
  outageUntilMs = new Float64Array(64);
  inOutage = new Uint8Array(64);
  beam = new Int32Array(64);
  sharers = new Uint16Array(64);
  #count = 0;

  constructor(sites: number) {
    this.start = new Int32Array(sites + 1);
  }

  clear(): void {
    this.#count = 0;
  }

  add(entry: number, satellite: number, outageUntilMs: number, timeMs: number, beam: number): void {
    const i = this.#count++;
    if (i === this.entry.length) this.#grow();
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

  #grow(): void {
    const wider = <T extends Uint8Array | Uint16Array | Int32Array | Float64Array>(column: T): T => {
      const copy = new (column.constructor as new (length: number) => T)(2 * column.length);
      copy.set(column);
      return copy;
    };
    this.satellite = wider(this.satellite);
    this.entry = wider(this.entry);
    this.outageUntilMs = wider(this.outageUntilMs);
    this.inOutage = wider(this.inOutage);
    this.beam = wider(this.beam);
    this.sharers = wider(this.sharers);
  }
}
