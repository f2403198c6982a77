import { gasSpecificAttenuation } from './gas-specific-attenuation.js';
import { referenceAir, refractiveIndex } from './reference-atmosphere.js';

const EARTH_RADIUS_KM = 6_371;
const LAYERS = 922;
/** Thickness of the lowest layer, km; each next one is thicker by this share. */
const LOWEST_KM = 1e-4;
const GROWTH = Math.exp(0.01);
/** Points of the tabulated elevation; they lie dense at the horizon, where attenuation changes most. */
const ELEVATIONS = 64;

/** Height above mean sea level of the bottom of a layer, km (ITU-R P.676-13 eq. 15), layers counted from 0. */
const bottomKm = (layer: number): number => (LOWEST_KM * (GROWTH ** layer - 1)) / (GROWTH - 1);

/**
 * Where among the layers a site lies, for {@link GasAttenuation.zenithDb}: the inverse of eq. 15.
 *
 * @param altitudeKm above mean sea level; below it, as at it
 */
export function gasLayerAt(altitudeKm: number): number {
  return Math.min(100 * Math.log(1 + (Math.max(altitudeKm, 0) * (GROWTH - 1)) / LOWEST_KM), LAYERS);
}

const LAYER_AIR = Array.from({ length: LAYERS }, (_, i) => referenceAir((bottomKm(i) + bottomKm(i + 1)) / 2));
const LAYER_INDEX = Float64Array.from(LAYER_AIR, refractiveIndex);
const LAYER_BOTTOM = Float64Array.from({ length: LAYERS + 1 }, (_, i) => bottomKm(i));

/**
 * Attenuation by oxygen and water vapour between a site and space at one frequency, line by line through 922 layers of the
 * reference atmosphere with a refracted ray (ITU-R P.676-13 Annex 1 §2.2.1). So that a link costs a few multiplications, it
 * is the zenith attenuation above the site times a factor for the elevation, the one of a site at sea level. From higher
 * sites that factor is up to 1.5 % too large at 5° of elevation and 6 % at 2° (3 % and 9 % too small in the oxygen band
 * around 60 GHz).
 *
 * Valid from 1 to 1000 GHz, for the mean annual global atmosphere: no season, no climate. The elevation at which the
 * satellite stands is taken for the one at which the ray leaves; refraction lifts that by 0.16° at 5° and 0.5° at the horizon.
 */
export class GasAttenuation {
  /** dB from the bottom of each layer to space, vertically. */
  readonly #zenith = new Float64Array(LAYERS + 2);
  /** Zenith attenuation ÷ attenuation, less the sine of the elevation that it is over flat layers; by √(sin elevation). */
  readonly #excess = new Float64Array(ELEVATIONS + 2);

  constructor(frequencyHz: number) {
    const specific = Float64Array.from(LAYER_AIR, (air) => {
      const { oxygen, waterVapour } = gasSpecificAttenuation(frequencyHz / 1e9, air);
      return oxygen + waterVapour;
    });
    for (let i = LAYERS - 1; i >= 0; i--) this.#zenith[i] = this.#zenith[i + 1] + specific[i] * (LAYER_BOTTOM[i + 1] - LAYER_BOTTOM[i]);
    for (let j = 0; j <= ELEVATIONS; j++) {
      const sinElevation = (j / ELEVATIONS) ** 2;
      this.#excess[j] = this.#zenith[0] / slantDb(specific, sinElevation) - sinElevation;
    }
  }

  /** dB towards the zenith. @param layer of the site, see {@link gasLayerAt} */
  zenithDb(layer: number): number {
    const i = Math.floor(layer);
    return this.#zenith[i] + (layer - i) * (this.#zenith[i + 1] - this.#zenith[i]);
  }

  /** How many times the zenith attenuation. @param sinElevation 0 to 1 */
  factor(sinElevation: number): number {
    const at = Math.sqrt(sinElevation) * ELEVATIONS;
    const j = Math.floor(at);
    return 1 / (sinElevation + this.#excess[j] + (at - j) * (this.#excess[j + 1] - this.#excess[j]));
  }
}

/** The attenuation by frequency, each made when first asked for: that takes some milliseconds. All streams of a scenario share them. */
export class GasTables {
  readonly #byFrequency = new Map<number, GasAttenuation>();

  at(frequencyHz: number): GasAttenuation {
    let gas = this.#byFrequency.get(frequencyHz);
    if (gas === undefined) this.#byFrequency.set(frequencyHz, (gas = new GasAttenuation(frequencyHz)));
    return gas;
  }
}

/** Along a ray that leaves sea level at an elevation (ITU-R P.676-13 eq. 13 to 19). */
function slantDb(specific: Float64Array, sinElevation: number): number {
  // Snell in a spherical atmosphere: n·r·cos(elevation) is the same all along the ray.
  const invariant = LAYER_INDEX[0] * EARTH_RADIUS_KM * Math.sqrt(1 - sinElevation * sinElevation);
  let sum = 0;
  for (let i = 0; i < specific.length; i++) {
    const r = EARTH_RADIUS_KM + LAYER_BOTTOM[i];
    const thickness = LAYER_BOTTOM[i + 1] - LAYER_BOTTOM[i];
    const across = invariant / LAYER_INDEX[i];
    const along2 = Math.max(r * r - across * across, 0);
    sum += specific[i] * (Math.sqrt(along2 + (2 * r + thickness) * thickness) - Math.sqrt(along2));
  }
  return sum;
}
