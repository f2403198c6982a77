import type { NodeSpec } from '@satsim/geomrf-proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroundSites } from '../geometry/sites.js';
import type { GroundPlace } from '../geometry/sites.js';
import { EcefPositions } from '../orbit/ecef-positions.js';
import { orbitBounds } from '../orbit/orbit-bounds.js';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, shell, specOf } from '../testing/specs.test-helper.js';
import { Visibility } from './visibility.js';

/** Every satellite of every site by the definition: elevation above the ellipsoid's horizon at least the mask. */
function visibleByDefinition(sites: GroundSites, { x, y, z }: EcefPositions): number[][] {
  return Array.from({ length: sites.count }, (_, s) =>
    Array.from(x.keys()).filter((i) => {
      const [dx, dy, dz] = [x[i] - sites.x[s], y[i] - sites.y[s], z[i] - sites.z[s]];
      const rise = dx * sites.ux[s] + dy * sites.uy[s] + dz * sites.uz[s];
      const range2 = dx * dx + dy * dy + dz * dz;
      if (!(rise >= 0 && rise * rise >= sites.sinMinMask[s] * sites.sinMinMask[s] * range2)) return false;
      return sites.hasAzimuthMask[s] === 0 || sites.aboveMask(s, rise / Math.sqrt(range2), x[i], y[i], z[i]);
    }),
  );
}

const satellites = (): fc.Arbitrary<NodeSpec[]> =>
  fc
    .array(
      fc.record({
        planes: fc.integer({ min: 1, max: 8 }),
        perPlane: fc.integer({ min: 1, max: 12 }),
        altitudeKm: fc.oneof(fc.integer({ min: 200, max: 1500 }), fc.constantFrom(8000, 20_200, 35_786)),
        inclinationDeg: fc.integer({ min: 0, max: 180 }),
        eccentricity: fc.constantFrom(0, 0, 0.001, 0.05, 0.3),
        bstar: fc.constantFrom(0, 1e-4, 0.05),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((shells) =>
      shells.flatMap(({ eccentricity, bstar, ...shape }, k) =>
        shell({ name: `W${k}`, ...shape }).map((node) => {
          if (node.position.case === 'elements') Object.assign(node.position.value, { eccentricity, bstar });
          return node;
        }),
      ),
    );

const point = (): fc.Arbitrary<{ latDeg: number; lonDeg: number; altM: number }> =>
  fc.record({
    latDeg: fc.oneof(fc.constantFrom(-90, -89.99, 0, 53, 89.99, 90), fc.double({ min: -90, max: 90, noNaN: true })),
    lonDeg: fc.oneof(fc.constantFrom(-180, -90, 0, 90, 179.999, 180), fc.double({ min: -180, max: 180, noNaN: true })),
    altM: fc.constantFrom(-400, 0, 3000, 12_000, 90_000),
  });

const place = (): fc.Arbitrary<GroundPlace> =>
  fc.record({
    waypoints: fc.oneof(
      point().map((at) => [{ atMs: START_MS, ...at }]),
      // A quarter of the globe in a quarter of an hour: faster than anything that flies.
      fc.tuple(point(), fc.double({ min: 1, max: 80, noNaN: true })).map(([at, by]) => [
        { atMs: START_MS, ...at },
        { atMs: START_MS + 900_000, ...at, latDeg: at.latDeg > 0 ? at.latDeg - by : at.latDeg + by },
      ]),
    ),
    minElevationDeg: fc.constantFrom(0, 5, 25, 60),
    horizon: fc.constantFrom(
      [],
      [
        { azimuthDeg: 10, minElevationDeg: 5 },
        { azimuthDeg: 190, minElevationDeg: 70 },
      ],
    ),
  });

describe('visibility by candidates', () => {
  it('is what every satellite of every site by the definition is: poles, antimeridian, moving sites, masks, any orbit, any tick', () => {
    fc.assert(
      fc.property(
        satellites(),
        fc.array(place(), { minLength: 1, maxLength: 6 }),
        // The first quarter of an hour is when sites move.
        fc.oneof(fc.integer({ min: 0, max: 80_000_000 }), fc.integer({ min: 0, max: 800_000 })),
        fc.array(fc.constantFrom(1, 100, 1000, 7000, 15_000, 40_000, -5000), { minLength: 5, maxLength: 25 }),
        fc.constantFrom(100, 1000, 7000, 15_000, 60_000),
        (nodes, places, offset, steps, dtMs) => {
          const { propagator, startMs, endMs } = compileScenario(specOf(nodes, { isl: { pattern: 1 } }));
          const bounds = orbitBounds(propagator, startMs, endMs);
          const positions = new EcefPositions(propagator, bounds);
          const sites = new GroundSites(places);
          const visibility = new Visibility(sites, bounds, dtMs);
          let timeMs = START_MS + offset;
          for (const step of steps) {
            timeMs += step;
            positions.moveTo(timeMs);
            sites.moveTo(timeMs);
            visibility.update(timeMs, positions);
            const { start, satellite } = visibility;
            const found = places.map((_, s) => [...satellite.subarray(start[s], start[s + 1])]);
            expect(found).toEqual(visibleByDefinition(sites, positions));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  // So dense a ring of satellites that whatever a list leaves out too early is missed at once. Below 225 minutes, where lists rely on bounds.
  const LOW = { altitudeKm: 300, minElevationDeg: 60 };
  const HIGH = { altitudeKm: 5500, minElevationDeg: 60 };
  it.each([
    ['satellites move', LOW, 0],
    ['the site moves towards them', HIGH, -9.9],
    ['the site moves with them', HIGH, 9.9],
  ])('misses none that rises while a list holds: %s', (_, { altitudeKm, minElevationDeg }, eastKmS) => {
    const { propagator, startMs, endMs } = compileScenario(
      specOf(shell({ planes: 1, perPlane: 3600, altitudeKm, inclinationDeg: 0 }), { isl: { pattern: 1 } }),
    );
    const bounds = orbitBounds(propagator, startMs, endMs);
    expect(bounds.isBounded.every(Boolean)).toBe(true);
    const positions = new EcefPositions(propagator, bounds);
    const at = { latDeg: 0, altM: 0 };
    const flying = [
      { atMs: START_MS, lonDeg: 0, ...at },
      { atMs: START_MS + 900_000, lonDeg: (eastKmS * 900 * 180) / (Math.PI * 6378.137), ...at },
    ];
    // One that stands comes first: the fastest counts.
    const sites = new GroundSites([[flying[0]], flying].map((waypoints) => ({ waypoints, minElevationDeg, horizon: [] })));
    const visibility = new Visibility(sites, bounds, 1000);
    for (let second = 0; second < 60; second++) {
      const timeMs = START_MS + 1000 * second;
      positions.moveTo(timeMs);
      sites.moveTo(timeMs);
      visibility.update(timeMs, positions);
      const { start, satellite } = visibility;
      expect([0, 1].map((s) => [...satellite.subarray(start[s], start[s + 1])])).toEqual(visibleByDefinition(sites, positions));
    }
  });
});
