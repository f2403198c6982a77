import { readFileSync } from 'node:fs';
import { parseElements } from '@satsim/elements';
import type { MeanElements } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOfMs } from '../time.js';
import { START_MS, satellite, sharedData, shell, skipWithoutSharedData } from '../testing/specs.test-helper.js';
import { EcefPositions } from './ecef-positions.js';
import { gmst, temeToEcef } from './frames.js';
import { orbitBounds } from './orbit-bounds.js';
import { Sgp4Propagator, newStateVectors } from './propagator.js';

const DAY_MS = 86_400_000;
const elementsOf = (nodes: ReturnType<typeof shell>): MeanElements[] => nodes.map((node) => node.position.value as MeanElements);

/** Largest distance to SGP4, mm, and how many were interpolated. */
function worstMm(elements: readonly MeanElements[], startMs: number, timesMs: readonly number[]): { mm: number; smooth: number } {
  const propagator = new Sgp4Propagator(elements);
  const bounds = orbitBounds(propagator, startMs, startMs + DAY_MS);
  const positions = new EcefPositions(propagator, bounds);
  const states = newStateVectors(elements.length, false);
  let mm = 0;
  for (const timeMs of timesMs) {
    positions.moveTo(timeMs);
    propagator.propagate(instantOfMs(timeMs), states);
    temeToEcef(states, gmst(instantOfMs(timeMs)));
    for (let i = 0; i < elements.length; i++) {
      const apart = Math.hypot(states.x[i] - positions.x[i], states.y[i] - positions.y[i], states.z[i] - positions.z[i]) * 1e6;
      if (states.error[i] !== 0) expect(positions.x[i]).toBeNaN();
      else {
        expect(apart).toBeLessThanOrEqual(0.1);
        mm = Math.max(mm, apart);
        const distance = Math.hypot(positions.x[i], positions.y[i], positions.z[i]);
        if (bounds.isBounded[i] === 1) expect(distance).toBeLessThan(bounds.farthestKm[i]);
      }
    }
  }
  return { mm, smooth: bounds.isSmooth.reduce((sum, each) => sum + each, 0) };
}

describe('positions between anchors', () => {
  it('are within 0.1 mm of SGP4 for Walker shells of any height and inclination', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 180, max: 36_000 }),
        fc.integer({ min: 0, max: 180 }),
        fc.integer({ min: 0, max: DAY_MS }),
        (altitudeKm, inclinationDeg, at) => {
          const elements = elementsOf(shell({ planes: 3, perPlane: 3, altitudeKm, inclinationDeg }));
          worstMm(elements, START_MS, [START_MS + at, START_MS + at + 14_999, START_MS + at + 15_500]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are within 0.1 mm of SGP4 for any eccentricity: what is too eccentric is propagated', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 2, max: 16.4, noNaN: true }),
        fc.double({ min: 0, max: 0.75, noNaN: true }),
        fc.double({ min: -1e-3, max: 1e-3, noNaN: true }),
        fc.integer({ min: 0, max: DAY_MS }),
        (meanMotion, eccentricity, bstar, at) => {
          const elements = elementsOf(shell({ planes: 2, perPlane: 3 })).map((each) => ({ ...each, meanMotion, eccentricity: eccentricity ** 3, bstar }));
          worstMm(elements, START_MS, [START_MS + at, START_MS + at + 13_001]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it.skipIf(skipWithoutSharedData)('are within 0.1 mm of SGP4 for 6,469 real Starlink satellites, nearly all of which are interpolated', () => {
    const startMs = Date.parse('2024-10-21T12:00:00Z');
    const { elements } = parseElements(readFileSync(sharedData('starlink-2024-10-21.tle')), 'starlink.tle');
    const sets = elements.map((set) => satellite(`S${set.noradCatId}`, set).position.value as MeanElements);
    const times = [0, 1000, 14_500, 29_999, 3_600_000, DAY_MS - 1].map((each) => startMs + each);
    const { mm, smooth } = worstMm(sets, startMs, times);
    expect(smooth).toBeGreaterThan(6400);
    expect(mm).toBeGreaterThan(0.001); // they are not SGP4's own
  });

  it('depend on the instant alone, bit for bit, whatever was asked before', () => {
    const propagator = new Sgp4Propagator(elementsOf(shell({ planes: 4, perPlane: 10 })));
    const bounds = orbitBounds(propagator, START_MS, START_MS + DAY_MS);
    const fresh = (timeMs: number): Float64Array => {
      const positions = new EcefPositions(propagator, bounds);
      positions.moveTo(timeMs);
      return positions.x;
    };
    const walker = new EcefPositions(propagator, bounds);
    for (const offset of [0, 100, 30_000, 29_000, 86_000_000, 86_000_001, 5, 45_000, 46_000, 250_000, -1]) {
      walker.moveTo(START_MS + offset);
      expect(walker.x).toEqual(fresh(START_MS + offset));
    }
  });
});
