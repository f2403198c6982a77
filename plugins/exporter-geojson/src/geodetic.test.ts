import { describe, expect, it } from 'vitest';
import { type Ecef, type Geodetic, toGeodetic } from './geodetic.js';

/** The definition, in closed form: NGA.STND.0036, equation 4-14. */
function toEcef({ lonDeg, latDeg, altM }: Geodetic): Ecef {
  const [lon, lat] = [(lonDeg * Math.PI) / 180, (latDeg * Math.PI) / 180];
  const e2 = 6.69437999014e-3;
  const n = 6_378_137 / Math.sqrt(1 - e2 * Math.sin(lat) ** 2);
  return [(n + altM) * Math.cos(lat) * Math.cos(lon), (n + altM) * Math.cos(lat) * Math.sin(lon), (n * (1 - e2) + altM) * Math.sin(lat)];
}

describe('geodetic coordinates', () => {
  it.each([-100, 0, 20, 8_848, 780_000, 2_000_000, 35_786_000, 400_000_000])('invert the definition everywhere at %d m', (altM) => {
    for (let latDeg = -90; latDeg <= 90; latDeg += 7.5) {
      for (let lonDeg = -175; lonDeg <= 180; lonDeg += 17.75) {
        const found = toGeodetic(toEcef({ lonDeg, latDeg, altM }));
        // A tenth of a millimetre on the ground.
        expect(Math.abs(found.latDeg - latDeg)).toBeLessThan(1e-9);
        if (Math.abs(latDeg) < 90) expect(Math.abs(found.lonDeg - lonDeg)).toBeLessThan(1e-9);
        expect(Math.abs(found.altM - altM)).toBeLessThan(1e-4);
      }
    }
  });

  it('tell the axes of the ellipsoid', () => {
    expect(toGeodetic([6_378_137, 0, 0])).toEqual({ lonDeg: 0, latDeg: 0, altM: 0 });
    expect(toGeodetic([0, 6_378_137, 0])).toMatchObject({ lonDeg: 90, latDeg: 0 });
    const pole = toGeodetic([0, 0, -6_356_752.314245]);
    expect(pole.latDeg).toBe(-90);
    expect(pole.altM).toBeCloseTo(0, 5);
  });

  it('put the antimeridian at +180, whatever the sign of zero', () => {
    expect(toGeodetic([-6_378_137, 0, 0]).lonDeg).toBe(180);
    expect(toGeodetic([-6_378_137, -0, 0]).lonDeg).toBe(180);
  });
});
