import type { Terminal } from '@satsim/geomrf-proto';

const BOLTZMANN_DBW_PER_K_PER_HZ = 10 * Math.log10(1.380649e-23); // SI 2019, −228.599
const LIGHT_M_PER_S = 299_792_458;

/** Share by which the occupied bandwidth exceeds the symbol rate (a DVB-S2 roll-off, EN 302 307-1 clause 5.6). */
export const ROLL_OFF = 0.2;

/** Symbols per second that fit into a bandwidth in Hz. */
export function symbolRate(bandwidthHz: number): number {
  return bandwidthHz / (1 + ROLL_OFF);
}

/** Free-space path loss in dB (ITU-R P.525-4 eq. 4). */
export function freeSpaceLossDb(rangeKm: number, frequencyHz: number): number {
  return 20 * Math.log10((4 * Math.PI * rangeKm * 1000 * frequencyHz) / LIGHT_M_PER_S);
}

/**
 * Budgets of one direction: C/N0 = EIRP − free-space loss + G/T − k, with EIRP and frequency of the sender and G/T of the
 * receiver (Maral & Bousquet, Satellite Communications Systems, eq. 5.24), and Es/N0 = C/N0 − 10·lg(symbol rate), which is
 * the SNR in a noise bandwidth of one symbol rate. Rain and gases are not in it.
 *
 * What depends on one end is summed up once for each node, so that a link costs one logarithm.
 */
export class LinkBudgets {
  readonly #sending: Float64Array;
  readonly #receiving: Float64Array;
  /** Symbols per second that each node sends. */
  readonly symbolRate: Float64Array;

  /** @param terminals by node; a node without one never has a budget */
  constructor(terminals: readonly (Terminal | undefined)[]) {
    this.#sending = Float64Array.from(terminals, (each) =>
      each === undefined
        ? Number.NaN
        : each.eirpDbw - freeSpaceLossDb(1, each.frequencyHz) - BOLTZMANN_DBW_PER_K_PER_HZ - 10 * Math.log10(symbolRate(each.bandwidthHz)),
    );
    this.#receiving = Float64Array.from(terminals, (each) => each?.gOverTDbPerK ?? Number.NaN);
    this.symbolRate = Float64Array.from(terminals, (each) => (each === undefined ? Number.NaN : symbolRate(each.bandwidthHz)));
  }

  /** Es/N0, dB. */
  snrDb(source: number, target: number, rangeKm: number): number {
    return this.#sending[source] + this.#receiving[target] - 20 * Math.log10(rangeKm);
  }
}
