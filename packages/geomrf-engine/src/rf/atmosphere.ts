import type { Terminal } from '@satsim/geomrf-proto';
import type { RainRate } from '../weather/rain.js';
import { cloudFactor, cloudMassAbsorption } from './cloud-attenuation.js';
import { gasLayerAt } from './gas-attenuation.js';
import type { GasAttenuation, GasTables } from './gas-attenuation.js';
import { rainAttenuationDb, rainHeightKm } from './rain-attenuation.js';
import { rainCoefficients } from './rain-specific-attenuation.js';
import type { RainCoefficients } from './rain-specific-attenuation.js';

/** Where a ground node is, for its air: geodetic latitude and altitude. */
export interface Place {
  readonly latDeg: number;
  readonly altKm: number;
}

/** A ground node and the sky above it. */
export interface GroundSky {
  readonly node: number;
  /** A function of time for a node that moves. */
  readonly place: Place | ((timeMs: number) => Place);
  /** Absent: it never rains. */
  readonly rain?: RainRate;
  /** Above mean sea level, km; absent: by latitude. */
  readonly rainHeightKm?: number;
  /** kg/m² */
  readonly cloudLiquid: number;
}

/** Above it there is no model of the air: light is another matter. */
export const HIGHEST_HZ = 1e12;
/** Below it rain and clouds do nothing that counts, and the formulas for them run wild: they are taken at this frequency. */
const LOWEST_WEATHER_GHZ = 1;
/** Where the formula for clouds ends: beyond it, as at it. */
const HIGHEST_CLOUD_GHZ = 200;

/** What a sender's frequency says about attenuation. */
interface Band {
  /** For rain. */
  readonly frequencyGHz: number;
  readonly gas: GasAttenuation | null;
  readonly rain: RainCoefficients;
  /** dB per kg/m² at the zenith. */
  readonly cloud: number;
  readonly cos2Tilt: number;
}

/**
 * Attenuation between the ground and space: gases (ITU-R P.676-13), rain (P.618-14 with P.838-3) and clouds (P.840-9), each
 * added to the others, at the frequency and polarisation of the sender, up to {@link HIGHEST_HZ}. Gases are always there, weather
 * only where the scenario has some.
 */
export class Atmosphere {
  readonly #gases: GasTables | null;
  readonly #skies: readonly GroundSky[];
  readonly #terminals: readonly (Terminal | undefined)[];
  readonly #bands: (Band | undefined)[];
  readonly #ground: Uint8Array;
  /** By node, at the instant last moved to. */
  readonly #gasLayer: Float64Array;
  readonly #rain: Float64Array;
  readonly #rainAboveKm: Float64Array;
  readonly #latDeg: Float64Array;
  readonly #cloud: Float64Array;

  /**
   * @param terminals by node
   * @param skies of all ground nodes
   * @param gases what oxygen and water vapour attenuate; null where they do not count
   */
  constructor(terminals: readonly (Terminal | undefined)[], skies: readonly GroundSky[], gases: GasTables | null) {
    const column = (): Float64Array => new Float64Array(terminals.length);
    this.#terminals = terminals;
    this.#gases = gases;
    [this.#gasLayer, this.#rain, this.#rainAboveKm, this.#latDeg, this.#cloud] = [column(), column(), column(), column(), column()];
    this.#bands = terminals.map(() => undefined);
    this.#ground = new Uint8Array(terminals.length);
    for (const sky of skies) {
      this.#ground[sky.node] = 1;
      this.#cloud[sky.node] = sky.cloudLiquid;
      if (typeof sky.place !== 'function') this.#put(sky, sky.place);
    }
    this.#skies = skies.filter(({ place, rain }) => rain !== undefined || typeof place === 'function');
  }

  /** Whether a node has a sky above it. */
  isGround(node: number): boolean {
    return this.#ground[node] === 1;
  }

  /** Weather, and places of what moves, of an instant: a function of the time alone. */
  moveTo(timeMs: number): void {
    for (const sky of this.#skies) {
      if (typeof sky.place === 'function') this.#put(sky, sky.place(timeMs));
      if (sky.rain !== undefined) this.#rain[sky.node] = sky.rain(timeMs);
    }
  }

  /** dB in clear sky. */
  gasDb(ground: number, sender: number, sinElevation: number): number {
    if (this.#gases === null) return 0;
    const gas = this.#band(sender).gas!;
    return gas.zenithDb(this.#gasLayer[ground]) * gas.factor(sinElevation);
  }

  /** dB by rain and clouds. */
  weatherDb(ground: number, sender: number, sinElevation: number): number {
    const [rain, cloud] = [this.#rain[ground], this.#cloud[ground]];
    if (rain === 0 && cloud === 0) return 0;
    const { frequencyGHz, rain: coefficients, cloud: perKg, cos2Tilt } = this.#band(sender);
    const path = { frequencyGHz, coefficients, cos2Tilt, sinElevation, latDeg: this.#latDeg[ground], heightKm: this.#rainAboveKm[ground] };
    return rainAttenuationDb(rain, path) + (cloud === 0 ? 0 : cloud * perKg * cloudFactor(sinElevation));
  }

  #put(sky: GroundSky, { latDeg, altKm }: Place): void {
    this.#latDeg[sky.node] = latDeg;
    this.#gasLayer[sky.node] = gasLayerAt(altKm);
    this.#rainAboveKm[sky.node] = (sky.rainHeightKm ?? rainHeightKm(latDeg)) - altKm;
  }

  /** Made when first needed. */
  #band(sender: number): Band {
    return (this.#bands[sender] ??= this.#newBand(this.#terminals[sender]!));
  }

  #newBand({ frequencyHz, polarizationTiltDeg }: Terminal): Band {
    const frequencyGHz = Math.max(frequencyHz / 1e9, LOWEST_WEATHER_GHZ);
    return {
      frequencyGHz,
      gas: this.#gases?.at(frequencyHz) ?? null,
      rain: rainCoefficients(frequencyGHz),
      cloud: cloudMassAbsorption(Math.min(frequencyGHz, HIGHEST_CLOUD_GHZ)),
      cos2Tilt: Math.cos((2 * polarizationTiltDeg * Math.PI) / 180),
    };
  }
}
