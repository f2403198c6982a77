import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloudFactor, cloudMassAbsorption } from './cloud-attenuation.js';
import { rainAttenuationDb, rainHeightKm, slantPathKm } from './rain-attenuation.js';
import { rainCoefficients, rainSpecificAttenuation } from './rain-specific-attenuation.js';

// Golden figures: ITU-R P.838-3 table 5, and ITU-R study group 3, validation examples CG-3M3J-13, version 8.3.0 (2024).

const sin = (deg: number): number => Math.sin((deg * Math.PI) / 180);
const cos2 = (tiltDeg: number): number => Math.cos((2 * tiltDeg * Math.PI) / 180);

describe('specific attenuation by rain (ITU-R P.838-3)', () => {
  it.each([
    [1, 0.0000259, 0.9691, 0.0000308, 0.8592],
    [10, 0.01217, 1.2571, 0.01129, 1.2156],
    [12, 0.02386, 1.1825, 0.02455, 1.1216],
    [14, 0.03738, 1.1396, 0.04126, 1.0646],
    [20, 0.09164, 1.0568, 0.09611, 0.9847],
    [30, 0.2403, 0.9485, 0.2291, 0.9129],
    [40, 0.4431, 0.8673, 0.4274, 0.8421],
    [100, 1.3671, 0.6815, 1.368, 0.6765],
  ])('has the coefficients of table 5: %d GHz', (frequencyGHz, kH, alphaH, kV, alphaV) => {
    const coefficients = rainCoefficients(frequencyGHz);
    // The table has four significant digits, and seven decimals at most.
    expect(Math.abs(coefficients.kH - kH)).toBeLessThan(Math.max(5e-8, kH * 5e-4));
    expect(Math.abs(coefficients.kV - kV)).toBeLessThan(Math.max(5e-8, kV * 5e-4));
    expect(coefficients.alphaH).toBeCloseTo(alphaH, 4);
    expect(coefficients.alphaV).toBeCloseTo(alphaV, 4);
  });

  it.each([
    [14.25, 31.076991235657, 26.48052, 0, 1.58130839366869],
    [29, 52.6789848590306, 78.2994993, 0, 13.5929008637587],
    [14.25, 20.1433580862612, 42.91007183, 90, 2.35032323308422],
    [29, 85.8045956575008, 99.13558978, 90, 16.318368602161],
  ])('is that of sheet P.838-3 Sp.Att: %d GHz, %d°, %d mm/h, tilt %d°', (frequencyGHz, elevation, rain, tilt, expected) => {
    expect(rainSpecificAttenuation(rainCoefficients(frequencyGHz), rain, cos2(tilt), sin(elevation))).toBeCloseTo(expected, 11);
  });

  it('is the same at the zenith, whatever the polarisation, and lies between horizontal and vertical for circular', () => {
    const at = (tilt: number, elevation: number): number => rainSpecificAttenuation(rainCoefficients(20), 30, cos2(tilt), sin(elevation));
    expect(at(0, 90)).toBeCloseTo(at(90, 90), 12);
    expect(at(45, 10)).toBeLessThan(at(0, 10));
    expect(at(45, 10)).toBeGreaterThan(at(90, 10));
  });
});

describe('rain on a slant path (ITU-R P.618-14)', () => {
  it.each([
    [14.25, 31.076991235657, 0, 51.5, 0.031382983999999, 2.45273333333333, 26.48052, 6.79807226654774],
    [14.25, 40.2320359963616, 0, 41.9, 0.0461229880100015, 3.04749333333333, 33.936232, 8.22326500858181],
    [29, 46.3596926118634, 0, 33.94, 0, 2.56330275555556, 27.13586832, 21.2486196791169],
    [14.25, 22.2783346840557, 0, 22.9, 0, 4.15877866666667, 50.639304, 18.9441035572536],
    [29, 52.6789848590306, 0, 25.78, 0.00861727999508758, 4.56946133333334, 78.2994993, 58.4743833619548],
    [14.25, 85.8045956575008, 90, 3.133, 0.0512514559528945, 4.9579744, 99.15117186, 21.610579162156],
    [29, 20.1433580862612, 90, 9.05, 2.5398618775, 4.78390666666667, 42.91007183, 35.9703767326447],
  ])('is A0.01 of sheet P.618-14 A_Rain: %d GHz, %d°, tilt %d°, latitude %d°', (frequencyGHz, elevation, tilt, latDeg, siteKm, rainKm, rain, expected) => {
    const coefficients = rainCoefficients(frequencyGHz);
    const path = { frequencyGHz, coefficients, cos2Tilt: cos2(tilt), sinElevation: sin(elevation), latDeg, heightKm: rainKm - siteKm };
    expect(rainAttenuationDb(rain, path)).toBeCloseTo(expected, 10);
  });

  it('is nothing without rain, and above it; at the horizon it is finite', () => {
    const path = { frequencyGHz: 20, coefficients: rainCoefficients(20), cos2Tilt: 0, sinElevation: 0, latDeg: 50, heightKm: 3 };
    expect(rainAttenuationDb(0, path)).toBe(0);
    expect(rainAttenuationDb(50, { ...path, heightKm: -0.1 })).toBe(0);
    for (const rain of [0.1, 1, 10, 100]) {
      expect(rainAttenuationDb(rain, path)).toBeGreaterThan(0);
      expect(rainAttenuationDb(rain, path)).toBeLessThan(1_000);
      expect(rainAttenuationDb(rain, { ...path, sinElevation: 1 })).toBeGreaterThan(0);
    }
  });

  it('is finite, not negative, and rises with the rain, for every path', () => {
    const path = fc.record({
      frequencyGHz: fc.double({ min: 1, max: 100, noNaN: true }),
      cos2Tilt: fc.double({ min: -1, max: 1, noNaN: true }),
      sinElevation: fc.double({ min: 0, max: 1, noNaN: true }),
      latDeg: fc.double({ min: -90, max: 90, noNaN: true }),
      heightKm: fc.double({ min: 0.01, max: 6, noNaN: true }),
    });
    const rain = fc.double({ min: 0.01, max: 300, noNaN: true });
    fc.assert(
      fc.property(path, rain, rain, (given, one, other) => {
        const of = (rate: number): number => rainAttenuationDb(rate, { ...given, coefficients: rainCoefficients(given.frequencyGHz) });
        expect(of(one)).toBeGreaterThan(0);
        expect(of(one)).toBeLessThan(Infinity);
        if (one > other * 1.001) expect(of(one)).toBeGreaterThan(of(other));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has the rain heights of ITU-R P.839-2: 5 km in the tropics, 2.86 km at 51.5° N, 3.7 km at 34° S, none at the pole', () => {
    expect([0, 23, -21].map(rainHeightKm)).toEqual([5, 5, 5]);
    expect(rainHeightKm(51.5)).toBeCloseTo(2.8625, 10);
    expect(rainHeightKm(-34)).toBeCloseTo(3.7, 10);
    expect(rainHeightKm(90)).toBe(0);
    expect(rainHeightKm(-80)).toBe(0);
  });

  // Sheet P.839-4 Rain_Height: London, Rome, Miami, Delhi, Kuala Lumpur.
  it.each([
    [51.5, 2.45273333],
    [41.9, 3.04749333],
    [25.78, 4.56946133],
    [28.717, 5.25820404],
    [3.133, 4.9579744],
  ])('is within 0.9 km of the map of P.839-4 at %d° N', (latDeg, mapKm) => {
    expect(Math.abs(rainHeightKm(latDeg) - mapKm)).toBeLessThan(0.9);
  });

  it('takes the slant path of eq. 1, and of eq. 2 below 5°', () => {
    expect(slantPathKm(3, sin(30))).toBeCloseTo(6, 12);
    expect(slantPathKm(3, 0)).toBeCloseTo(Math.sqrt(2 * 3 * 8_500), 9);
  });
});

describe('clouds (ITU-R P.840-9)', () => {
  it.each([
    [6, 3.11277818545331e-2, 15, 0.82359246235649, 9.90522412874047e-2],
    [15, 0.190113349077846, 45, 0.221336837464663, 5.95088161565868e-2],
    [30, 0.707853958386561, 75, 8.77674171040156e-2, 6.43180997169543e-2],
    [45, 1.44305988657632, 90, 2.78460017036198e-2, 4.01834480600295e-2],
  ])('is that of sheet P.840-9 A_Clouds: %d GHz', (frequencyGHz, absorption, elevation, liquid, expected) => {
    expect(cloudMassAbsorption(frequencyGHz)).toBeCloseTo(absorption, 12);
    expect(liquid * cloudMassAbsorption(frequencyGHz) * cloudFactor(sin(elevation))).toBeCloseTo(expected, 12);
  });
});
