import { describe, expect, it } from 'vitest';
import type { GroundPlace } from '../geometry/sites.js';
import { compileScenario } from '../scenario/compiled.js';
import { START_MS, ground, shell, specOf } from '../testing/specs.test-helper.js';
import { visibleAt } from '../testing/visible.test-helper.js';
import { PassEnds } from './pass-end.js';

const compiled = compileScenario(specOf([...shell({ planes: 6, perPlane: 8, altitudeKm: 1200, phasing: 2 }), ground('g', 0, 0)]));
const place: GroundPlace = {
  waypoints: [
    { atMs: START_MS, latDeg: 40, lonDeg: 0, altM: 9000 },
    { atMs: START_MS + 1_800_000, latDeg: 50, lonDeg: 40, altM: 9000 },
  ],
  minElevationDeg: 10,
  horizon: [
    { azimuthDeg: 0, minElevationDeg: 5 },
    { azimuthDeg: 180, minElevationDeg: 40 },
  ],
};

describe('the end of a pass', () => {
  it('is the first second at which the satellite is below the mask, for a terminal on its way and with a horizon', () => {
    const scenario = { ...compiled, sites: [{ ...compiled.sites[0], ...place }] };
    const ends = new PassEnds(compiled.propagator, [place]);
    const still = new PassEnds(compiled.propagator, [{ ...place, waypoints: place.waypoints.slice(0, 1) }]);
    const sees = (ms: number): number[] => [...visibleAt(scenario, ms, [0]).satellite];
    let [passes, moved] = [0, 0];
    for (const satellite of sees(START_MS)) {
      const end = ends.of(0, satellite, START_MS);
      if (end === Infinity) continue;
      expect(sees(end - 1)).toContain(satellite);
      expect(sees(end)).not.toContain(satellite);
      for (let ms = START_MS; ms < end; ms += 10_000) expect(sees(ms)).toContain(satellite);
      passes++;
      if (Math.abs(end - still.of(0, satellite, START_MS)) > 1000) moved++;
    }
    expect([passes > 0, moved > 0]).toEqual([true, true]);
  });

  it('is never for a satellite that does not set', () => {
    const geostationary = compileScenario(specOf(shell({ planes: 1, perPlane: 1, altitudeKm: 35_786, inclinationDeg: 0 })));
    const below = { ...place, waypoints: [{ atMs: START_MS, latDeg: 0, lonDeg: 0, altM: 0 }], horizon: [], minElevationDeg: 0 };
    const places = Array.from({ length: 36 }, (_, i) => ({ ...below, waypoints: [{ ...below.waypoints[0], lonDeg: i * 10 }] }));
    const scenario = { ...geostationary, sites: places.map((each) => ({ ...compiled.sites[0], ...each })) };
    const { start } = visibleAt(
      scenario,
      START_MS,
      places.map((_, i) => i),
    );
    const ends = new PassEnds(geostationary.propagator, places);
    const inView = places.flatMap((_, i) => (start[i + 1] > start[i] ? [ends.of(i, 0, START_MS)] : []));
    expect(inView.length).toBeGreaterThan(10);
    expect(inView.filter((end) => end === Infinity).length).toBeGreaterThan(10);
  });
});
