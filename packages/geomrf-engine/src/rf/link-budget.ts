import type { Terminal } from '@satsim/geomrf-proto';
import type { Atmosphere } from './atmosphere.js';

const BOLTZMANN_DBW_PER_K_PER_HZ = 10 * Math.log10(1.380649e-23); // SI 2019, −228.599
const LIGHT_M_PER_S = 299_792_458;
/** Mean radiating temperature of the atmosphere, K, in clear and in rainy weather (ITU-R P.618-14 §3). */
const RADIATING_K = 275;

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
 * dB by which weather lowers a ground terminal's G/T: its noise temperature, given for clear sky, rises by what the sky
 * radiates more than it does then, T_m·(10^(−clear/10) − 10^(−(clear + weather)/10)) (ITU-R P.618-14 §3).
 *
 * @param noiseK clear sky; 0: not known, and nothing is added
 */
export function noiseRiseDb(noiseK: number, clearDb: number, weatherDb: number): number {
  if (noiseK === 0 || weatherDb === 0) return 0;
  return 10 * Math.log10(1 + (RADIATING_K / noiseK) * 10 ** (-clearDb / 10) * (1 - 10 ** (-weatherDb / 10)));
}

/**
 * Budgets of one direction: C/N0 = EIRP − free-space loss − atmosphere + G/T − k, with EIRP and frequency of the sender and
 * G/T of the receiver (Maral & Bousquet, Satellite Communications Systems, eq. 5.24), and Es/N0 = C/N0 − 10·lg(symbol
 * rate), which is the SNR in a noise bandwidth of one symbol rate.
 *
 * What depends on one end is summed up once for each node, so that a link costs one logarithm and, below an atmosphere, a
 * table look-up.
 */
export class LinkBudgets {
  readonly #sending: Float64Array;
  readonly #receiving: Float64Array;
  readonly #atmosphere: Atmosphere | null;
  /** Clear sky, K; NaN for nodes in space. */
  readonly #groundNoiseK: Float64Array;
  /** Symbols per second that each node sends. */
  readonly symbolRate: Float64Array;

  /**
   * @param terminals by node; a node without one never has a budget. For links between satellites that share one terminal:
   * that one alone, as source and target 0
   * @param atmosphere with a sky above every ground node; null: as in a vacuum
   */
  constructor(terminals: readonly (Terminal | undefined)[], atmosphere: Atmosphere | null = null) {
    this.#sending = Float64Array.from(terminals, (each) =>
      each === undefined
        ? Number.NaN
        : each.eirpDbw - freeSpaceLossDb(1, each.frequencyHz) - BOLTZMANN_DBW_PER_K_PER_HZ - 10 * Math.log10(symbolRate(each.bandwidthHz)),
    );
    this.#receiving = Float64Array.from(terminals, (each) => each?.gOverTDbPerK ?? Number.NaN);
    this.#groundNoiseK = Float64Array.from(terminals, (each, node) => (atmosphere?.isGround(node) ? (each?.noiseTemperatureK ?? 0) : Number.NaN));
    this.#atmosphere = atmosphere;
    this.symbolRate = Float64Array.from(terminals, (each) => (each === undefined ? Number.NaN : symbolRate(each.bandwidthHz)));
  }

  /** Weather of an instant, Unix ms. */
  moveTo(timeMs: number): void {
    this.#atmosphere?.moveTo(timeMs);
  }

  /**
   * Es/N0, dB, at the instant last moved to.
   *
   * @param sinElevation of the satellite, from the ground end; NaN between satellites: no atmosphere
   */
  snrDb(source: number, target: number, rangeKm: number, sinElevation: number): number {
    const vacuum = this.#sending[source] + this.#receiving[target] - 20 * Math.log10(rangeKm);
    const atmosphere = this.#atmosphere;
    if (atmosphere === null || Number.isNaN(sinElevation)) return vacuum;
    const noiseK = this.#groundNoiseK[target];
    const down = !Number.isNaN(noiseK);
    const ground = down ? target : source;
    const gas = atmosphere.gasDb(ground, source, sinElevation);
    const weather = atmosphere.weatherDb(ground, source, sinElevation);
    return vacuum - gas - weather - (down ? noiseRiseDb(noiseK, gas, weather) : 0);
  }
}
