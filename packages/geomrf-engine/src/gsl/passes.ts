import { roomy } from '../links/columns.js';
import type { VisibleSatellites } from './visibility.js';

/** Compares what each site sees at a tick with what it saw at the one before. */
export class Passes {
  #start: Int32Array;
  #satellite = new Int32Array(0);

  /** @param sites how many there are; none sees anything at first */
  constructor(sites: number) {
    this.#start = new Int32Array(sites + 1);
  }

  /** Calls back for every satellite that rose above the mask or sank below it, by site and ascending satellite. */
  update({ start, satellite }: VisibleSatellites, rose: (site: number, satellite: number) => void, sank: (site: number, satellite: number) => void): void {
    const [oldStart, oldSatellite] = [this.#start, this.#satellite];
    for (let s = 0; s + 1 < start.length; s++) {
      let old = oldStart[s];
      for (let j = start[s]; j < start[s + 1]; j++) {
        for (; old < oldStart[s + 1] && oldSatellite[old] < satellite[j]; old++) sank(s, oldSatellite[old]);
        if (old < oldStart[s + 1] && oldSatellite[old] === satellite[j]) old++;
        else rose(s, satellite[j]);
      }
      for (; old < oldStart[s + 1]; old++) sank(s, oldSatellite[old]);
    }
    this.#start.set(start);
    const count = start[start.length - 1];
    this.#satellite = roomy(this.#satellite, count);
    this.#satellite.set(satellite.subarray(0, count));
  }
}
