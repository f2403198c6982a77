import { rainSpecificAttenuation } from './rain-specific-attenuation.js';
import type { RainCoefficients } from './rain-specific-attenuation.js';

/** Effective radius of the Earth, km (ITU-R P.618-14 eq. 2). */
const EFFECTIVE_RADIUS_KM = 8_500;
const SIN_5_DEG = Math.sin((5 * Math.PI) / 180);

/** Length of the path that lies in a layer of `heightKm` above the site, km (ITU-R P.618-14 eq. 1; below 5° eq. 2). */
export function slantPathKm(heightKm: number, sinElevation: number): number {
  if (sinElevation >= SIN_5_DEG) return heightKm / sinElevation;
  return (2 * heightKm) / (Math.sqrt(sinElevation * sinElevation + (2 * heightKm) / EFFECTIVE_RADIUS_KM) + sinElevation);
}

/**
 * Mean height of rain above mean sea level, km, by latitude alone (ITU-R P.839-2, the last edition with a formula). The maps
 * of P.839-4 differ from it by up to 0.9 km; give the rain height where that matters.
 */
export function rainHeightKm(latDeg: number): number {
  if (latDeg > 23) return Math.max(5 - 0.075 * (latDeg - 23), 0);
  if (latDeg < -21) return Math.max(5 + 0.1 * (latDeg + 21), 0);
  return 5;
}

/** What of a link rain depends on, beside its rate. */
export interface RainPath {
  readonly frequencyGHz: number;
  readonly coefficients: RainCoefficients;
  /** See {@link rainSpecificAttenuation}. */
  readonly cos2Tilt: number;
  readonly sinElevation: number;
  /** Of the ground end. */
  readonly latDeg: number;
  /** Of rain above the ground end, km. */
  readonly heightKm: number;
}

/**
 * Attenuation by rain on a slant path, dB: ITU-R P.618-14 §2.2.1.1, steps 2 to 9, with the rate that falls now in the place
 * of R0.01. The method is made for the rate exceeded during 0.01 % of a year: its horizontal and vertical factors say how
 * far such rain reaches. At a lesser rate they are extrapolated (they then give longer paths, as widespread rain has); that
 * rain at the site and rain along the path differ from moment to moment is neglected. From 1 to 55 GHz; the formulas are
 * used beyond that too.
 *
 * @param rainMmPerH at the site
 */
export function rainAttenuationDb(rainMmPerH: number, path: RainPath): number {
  const { frequencyGHz: f, sinElevation: sin, heightKm } = path;
  if (rainMmPerH <= 0 || heightKm <= 0) return 0;
  const cos = Math.sqrt(Math.max(1 - sin * sin, 0));
  const slant = slantPathKm(heightKm, sin); // step 2
  const ground = slant * cos; // step 3
  const specific = rainSpecificAttenuation(path.coefficients, rainMmPerH, path.cos2Tilt, sin); // step 5
  const horizontal = 1 / (1 + 0.78 * Math.sqrt((ground * specific) / f) - 0.38 * (1 - Math.exp(-2 * ground))); // step 6
  // Step 7. ζ > θ is written with tangents, so that the zenith needs no case of its own. Else the path is the slant path of
  // step 2, not (hR − hs)/sin θ: the same from 5° up, and finite at the horizon.
  const inRain = heightKm * cos > ground * horizontal * sin ? (ground * horizontal) / cos : slant;
  const chi = Math.max(36 - Math.abs(path.latDeg), 0);
  const elevationDeg = (Math.asin(Math.min(sin, 1)) * 180) / Math.PI;
  const vertical = 1 / (1 + Math.sqrt(sin) * ((31 * (1 - Math.exp(-elevationDeg / (1 + chi))) * Math.sqrt(inRain * specific)) / (f * f) - 0.45));
  return specific * inRain * vertical; // steps 8 and 9
}
