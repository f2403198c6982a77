import { describe, expect, it } from 'vitest';
import { GasAttenuation, gasLayerAt } from './gas-attenuation.js';
import { gasSpecificAttenuation } from './gas-specific-attenuation.js';
import { referenceAir, refractiveIndex } from './reference-atmosphere.js';

// Golden figures: ITU-R study group 3, validation examples CG-3M3J-13, version 8.3.0 (2024), the sheet named in each test.

const sin = (deg: number): number => Math.sin((deg * Math.PI) / 180);

/** The same recommendation, in layers of 50 m from the site up. */
function slantFrom(altitudeKm: number, frequencyGHz: number, elevationDeg: number): number {
  const invariant = refractiveIndex(referenceAir(altitudeKm)) * (6371 + altitudeKm) * Math.sqrt(1 - sin(elevationDeg) ** 2);
  const thickness = 0.05;
  let sum = 0;
  for (let bottom = altitudeKm; bottom < 60; bottom += thickness) {
    const air = referenceAir(bottom + thickness / 2);
    const { oxygen, waterVapour } = gasSpecificAttenuation(frequencyGHz, air);
    const r = 6371 + bottom;
    const along2 = Math.max(r * r - (invariant / refractiveIndex(air)) ** 2, 0);
    sum += (oxygen + waterVapour) * (Math.sqrt(along2 + (2 * r + thickness) * thickness) - Math.sqrt(along2));
  }
  return sum;
}

describe('gases (ITU-R P.676-13)', () => {
  it.each([
    [12, 8.69826406877357e-3, 9.53538822024593e-3],
    [20, 1.18835504778076e-2, 9.70473048151117e-2],
    [60, 14.6234747964861, 0.154841840636247],
    [90, 3.88697110724235e-2, 0.341973394422181],
    [130, 4.15090835995228e-2, 0.751844703646129],
  ])('has the specific attenuation of sheet P.676-13 SpAtt: %d GHz', (frequencyGHz, oxygen, waterVapour) => {
    const air = { temperature: 288.15, dryPressure: 1013.25, vapourPressure: 9.97288878634056 };
    const specific = gasSpecificAttenuation(frequencyGHz, air);
    expect(specific.oxygen / oxygen).toBeCloseTo(1, 10);
    expect(specific.waterVapour / waterVapour).toBeCloseTo(1, 10);
  });

  it.each([
    [1.1692521628606434, 280.55125864029384, 875.0589960561089, 5.411462987279175],
    [8.703241465778104, 231.65627774401, 321.7020218619583, 0.10331456566446248],
    [55.40437563487412, 259.65816886732347, 0.4036466860438669, 8.072949866777071e-7],
    [99.95685155939651, 194.99808538009387, 0.0003224692639098686, 6.449398176993726e-10],
  ])('has the reference air of sheet P.676-13 A_Gas_A1_2.2.1a at %d km', (heightKm, temperature, dryPressure, vapourPressure) => {
    const air = referenceAir(heightKm);
    expect(air.temperature).toBeCloseTo(temperature, 9);
    expect(air.dryPressure / dryPressure).toBeCloseTo(1, 10);
    expect(air.vapourPressure / vapourPressure).toBeCloseTo(1, 10);
  });

  it('has the refractive index of the same sheet: 1.0002692109 at 1.169 km', () => {
    expect(refractiveIndex(referenceAir(1.16925216286064))).toBeCloseTo(1.0002692109034712, 12);
  });

  it('attenuates 28 GHz at 30° from sea level by 0.47081 dB (sheet P.676-13 A_Gas_A1_2.2.1a)', () => {
    const gas = new GasAttenuation(28e9);
    expect(gas.zenithDb(gasLayerAt(0)) * gas.factor(sin(30))).toBeCloseTo(0.47081173472870474, 5);
  });

  it('attenuates it by 0.27744 dB from 1.3 km up (sheet P.676-13 A_Gas_A1_2.2.1b, example 2)', () => {
    const gas = new GasAttenuation(28e9);
    expect(gas.zenithDb(gasLayerAt(1.3)) * gas.factor(sin(30))).toBeCloseTo(0.2774411060456813, 4);
  });

  it.each([20e9, 28e9, 75e9])('at %d Hz is within 0.015 of the ray that leaves from up to 9 km, from 5° of elevation', (frequencyHz) => {
    const gas = new GasAttenuation(frequencyHz);
    for (const altitudeKm of [0.5, 2, 4, 9]) {
      for (const deg of [5, 10, 25, 90]) {
        const expected = slantFrom(altitudeKm, frequencyHz / 1e9, deg);
        expect(Math.abs((gas.zenithDb(gasLayerAt(altitudeKm)) * gas.factor(sin(deg))) / expected - 1), `${altitudeKm} km, ${deg}°`).toBeLessThan(0.015);
      }
    }
  });

  it('goes as the cosecant of the elevation down to 10°, within 2 %, stays below it, and is finite at the horizon', () => {
    const gas = new GasAttenuation(20e9);
    for (let deg = 10; deg <= 90; deg++) expect(gas.factor(sin(deg)) * sin(deg)).toBeGreaterThan(0.98);
    let before = Infinity;
    for (let deg = 0; deg <= 90; deg += 0.25) {
      const factor = gas.factor(sin(deg));
      expect(factor).toBeLessThan(before);
      expect(factor * sin(deg)).toBeLessThan(1 + 1e-9);
      before = factor;
    }
    expect(gas.factor(0)).toBeGreaterThan(30);
    expect(gas.factor(0)).toBeLessThan(150);
    expect(gas.factor(1)).toBeCloseTo(1, 9);
  });

  it('falls with the altitude of the site to nothing, and below sea level is that of sea level', () => {
    const gas = new GasAttenuation(20e9);
    let before = Infinity;
    for (const altitudeKm of [0, 0.1, 1, 4, 11, 40, 99]) {
      expect(gas.zenithDb(gasLayerAt(altitudeKm))).toBeLessThan(before);
      before = gas.zenithDb(gasLayerAt(altitudeKm));
    }
    expect(gas.zenithDb(gasLayerAt(150))).toBe(0);
    expect(gas.zenithDb(gasLayerAt(-0.43))).toBe(gas.zenithDb(gasLayerAt(0)));
  });
});
