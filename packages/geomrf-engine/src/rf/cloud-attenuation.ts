import { slantPathKm } from './rain-attenuation.js';

/** K; the coefficient below is that of this temperature, corrected by the factor fitted in P.840-9. */
const TEMPERATURE = 273.75;
/** Height of clouds above a site; it matters below 5° of elevation only. */
const CLOUD_HEIGHT_KM = 3;

/**
 * Zenith attenuation for each kg/m² of liquid water in clouds, dB (ITU-R P.840-9 eq. 2 to 12: double-Debye permittivity of
 * water, and the fitted factor that lets the whole column count as if it had one temperature); valid to 200 GHz.
 */
export function cloudMassAbsorption(frequencyGHz: number): number {
  const f = frequencyGHz;
  const excess = 300 / TEMPERATURE - 1;
  const e0 = 77.66 + 103.3 * excess;
  const [e1, e2] = [0.0671 * e0, 3.52];
  const fp = 20.2 - 146 * excess + 316 * excess * excess;
  const fs = 39.8 * fp;
  const imaginary = (f * (e0 - e1)) / (fp * (1 + (f / fp) ** 2)) + (f * (e1 - e2)) / (fs * (1 + (f / fs) ** 2));
  const real = (e0 - e1) / (1 + (f / fp) ** 2) + (e1 - e2) / (1 + (f / fs) ** 2) + e2;
  const eta = (2 + real) / imaginary;
  const specific = (0.819 * f) / (imaginary * (1 + eta * eta));
  return specific * (0.1522 * Math.exp(-((f + 23.9589) ** 2) / 3.2991e3) + 11.51 * Math.exp(-((f - 219.2096) ** 2) / 2.7595e6) - 10.4912);
}

/** How many times the zenith attenuation (ITU-R P.840-9 eq. 13: cosecant; below 5° as P.618-14 eq. 2). */
export function cloudFactor(sinElevation: number): number {
  return slantPathKm(CLOUD_HEIGHT_KM, sinElevation) / CLOUD_HEIGHT_KM;
}
