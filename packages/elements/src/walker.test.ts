import { describe, expect, it } from 'vitest';
import { epochFromUnixMs } from './epoch.js';
import { meanAltitudeKm } from './mean-motion.js';
import { walkerShell, type WalkerShell } from './walker.js';

const EPOCH = epochFromUnixMs(Date.parse('2026-11-20T00:00:00Z'));
const IRIDIUM: WalkerShell = { name: 'IR', pattern: 'star', planes: 6, perPlane: 11, altitudeKm: 780, inclinationDeg: 86.4, phasing: 2 };
const STARLINK: WalkerShell = { name: 'S', pattern: 'delta', planes: 72, perPlane: 22, altitudeKm: 550, inclinationDeg: 53, phasing: 39 };

describe('Walker shell', () => {
  it('has planes × perPlane satellites, plane by plane, ids counted from 1', () => {
    const shell = walkerShell(IRIDIUM, EPOCH);
    expect(shell).toHaveLength(66);
    expect(shell.map((satellite) => satellite.id).slice(10, 13)).toEqual(['IR-1-11', 'IR-2-1', 'IR-2-2']);
    expect(shell[12]!.position).toEqual({ shell: 'IR', plane: 1, slot: 1, planes: 6, perPlane: 11, phasing: 2, raanSpreadDeg: 180 });
    expect(new Set(shell.map((satellite) => satellite.elements.noradCatId)).size).toBe(66);
  });

  it.each([
    ['star over 180°', IRIDIUM, 30],
    ['delta over 360°', STARLINK, 5],
    ['as told', { ...IRIDIUM, raanSpreadDeg: 90 }, 15],
  ])('nodes are spread evenly: %s', (_, shell, stepDeg) => {
    for (const { elements, position } of walkerShell(shell, EPOCH)) expect(elements.raanDeg).toBeCloseTo(position.plane * stepDeg, 12);
  });

  it('in a plane satellites are 360°/perPlane apart; neighbouring planes F·360°/T', () => {
    const shell = walkerShell(STARLINK, EPOCH);
    const anomaly = (plane: number, slot: number) => shell[plane * 22 + slot]!.elements.meanAnomalyDeg;
    expect(anomaly(0, 1) - anomaly(0, 0)).toBeCloseTo(360 / 22, 12);
    expect(anomaly(1, 0) - anomaly(0, 0)).toBeCloseTo((39 * 360) / 1584, 12);
    for (const { elements } of shell) {
      expect(elements.meanAnomalyDeg).toBeGreaterThanOrEqual(0);
      expect(elements.meanAnomalyDeg).toBeLessThan(360);
    }
  });

  it('is circular and free of drag, at the epoch given', () => {
    for (const { elements } of walkerShell(IRIDIUM, EPOCH)) {
      expect(elements).toMatchObject({ eccentricity: 0, bstar: 0, argPerigeeDeg: 0, inclinationDeg: 86.4, epoch: EPOCH, meanMotionDot: 0, meanMotionDdot: 0 });
    }
  });

  it("turns as Kepler's third law says: WGS-72 µ, altitude above 6,378.135 km", () => {
    const [satellite] = walkerShell(IRIDIUM, EPOCH);
    const periodSeconds = 86_400 / satellite!.elements.meanMotionRevPerDay;
    const speedKmS = (2 * Math.PI * 7158.135) / periodSeconds;
    // Circular orbit: gravity is the centripetal acceleration.
    expect(speedKmS ** 2 / 7158.135).toBeCloseTo(398_600.8 / 7158.135 ** 2, 14);
    // One sidereal day at the altitude of the geostationary belt.
    const [geo] = walkerShell({ ...IRIDIUM, altitudeKm: 35_786.03 }, EPOCH);
    expect(86_400 / geo!.elements.meanMotionRevPerDay).toBeCloseTo(86_164.1, 0);
  });

  it.each([160, 550, 780, 35_786])('meanAltitudeKm tells the altitude of the shell again: %d km', (altitudeKm) => {
    expect(meanAltitudeKm(walkerShell({ ...IRIDIUM, altitudeKm }, EPOCH)[0]!.elements)).toBeCloseTo(altitudeKm, 8);
  });
});
