import { OXYGEN_LINES, WATER_VAPOUR_LINES } from './gas-lines.js';
import type { Air } from './reference-atmosphere.js';

/**
 * Specific attenuation by oxygen (with nitrogen and the Debye continuum) and by water vapour, dB/km, line by line
 * (ITU-R P.676-13 Annex 1 §1, eq. 1 to 9); valid from 1 to 1000 GHz.
 *
 * @returns dB/km each
 */
export function gasSpecificAttenuation(frequencyGHz: number, air: Air): { oxygen: number; waterVapour: number } {
  return { oxygen: 0.182 * frequencyGHz * oxygenRefractivity(frequencyGHz, air), waterVapour: 0.182 * frequencyGHz * vapourRefractivity(frequencyGHz, air) };
}

/** N″ of oxygen. */
function oxygenRefractivity(f: number, { temperature, dryPressure: p, vapourPressure: e }: Air): number {
  const theta = 300 / temperature;
  const theta08 = theta ** 0.8;
  const scale = 1e-7 * p * theta ** 3;
  let sum = 0;
  for (const [f0, a1, a2, a3, a4, a5, a6] of OXYGEN_LINES) {
    const strength = a1 * scale * Math.exp(a2 * (1 - theta)); // eq. 3
    const pressureWidth = a3 * 1e-4 * (p * (a4 === 0 ? theta08 : theta ** (0.8 - a4)) + 1.1 * e * theta); // eq. 6a
    const width = Math.sqrt(pressureWidth * pressureWidth + 2.25e-6); // eq. 6b: Zeeman splitting
    const interference = (a5 + a6 * theta) * 1e-4 * (p + e) * theta08; // eq. 7
    sum += strength * shape(f, f0, width, interference);
  }
  const debye = 5.6e-4 * (p + e) * theta08; // eq. 9
  const dry = f * p * theta ** 2 * (6.14e-5 / (debye * (1 + (f / debye) ** 2)) + (1.4e-12 * p * theta ** 1.5) / (1 + 1.9e-5 * f ** 1.5)); // eq. 8
  return sum + dry;
}

/** N″ of water vapour. */
function vapourRefractivity(f: number, { temperature, dryPressure: p, vapourPressure: e }: Air): number {
  const theta = 300 / temperature;
  const scale = 0.1 * e * theta ** 3.5;
  let sum = 0;
  for (const [f0, b1, b2, b3, b4, b5, b6] of WATER_VAPOUR_LINES) {
    const strength = b1 * scale * Math.exp(b2 * (1 - theta)); // eq. 3
    const pressureWidth = b3 * 1e-4 * (p * theta ** b4 + b5 * e * theta ** b6); // eq. 6a
    const width = 0.535 * pressureWidth + Math.sqrt(0.217 * pressureWidth * pressureWidth + (2.1316e-12 * f0 * f0) / theta); // eq. 6b: Doppler
    sum += strength * shape(f, f0, width, 0);
  }
  return sum;
}

/** Line shape, eq. 5. */
function shape(f: number, f0: number, width: number, interference: number): number {
  const [below, above] = [f0 - f, f0 + f];
  return (f / f0) * ((width - interference * below) / (below * below + width * width) + (width - interference * above) / (above * above + width * width));
}
