import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { distanceKm, LIGHT_KM_PER_S, lookAngles, temeToEcef } from './independent/geometry.js';
import { positionTemeKm, readTle } from './independent/sgp4.js';
import { sharedData, skipWithoutSharedData } from './shared-data.js';

interface Row {
  src: string;
  dst: string;
  type: string;
  up: boolean;
  elevation_deg: number | null;
  azimuth_deg: number | null;
  range_km: number;
  one_way_delay_ms: number;
}

const SITES = [
  { id: 'oslo', lat: 59.91, lon: 10.75, alt_m: 20 },
  { id: 'la-paz', lat: -16.5, lon: -68.15, alt_m: 3640 },
  { id: 'tokyo', lat: 35.68, lon: 139.69, alt_m: 0 },
  { id: 'nairobi', lat: -1.29, lon: 36.82, alt_m: 1795 },
];
const MASK_DEG = 25;
const AT = '2024-10-21T13:14:15.678Z';

describe.skipIf(skipWithoutSharedData)('links of real satellites, against a second computation', () => {
  const place = workplace();
  afterAll(place.remove);

  it('agree in elevation, azimuth, range and delay, and in which satellites are visible', async () => {
    const file = place.write(
      'links.satsim.yaml',
      [
        'name: links',
        'time: { t0: "2024-10-21T13:00:00Z", t1: "2024-10-21T14:00:00Z", dt: 1s }',
        `constellation: [ { elements: { file: ${sharedData('starlink-2024-10-21.tle')}, limit: 1500 } } ]`,
        `ground: ${JSON.stringify(SITES)}`,
        `links: { isl: { pattern: plus_grid }, gsl: { min_elevation_deg: ${MASK_DEG}, policy: all_visible } }`,
      ].join('\n'),
    );
    const rows = JSON.parse(await place.output('links', file, '--at', AT, '--format', 'json')) as Row[];

    const unixMs = Date.parse(AT);
    const lines = readFileSync(sharedData('starlink-2024-10-21.tle'), 'utf8').split(/\r?\n/);
    const satellites = new Map<string, [number, number, number]>();
    for (let i = 0; i < 1500; i++) {
      const [name, line1, line2] = lines.slice(3 * i, 3 * i + 3) as [string, string, string];
      // A name becomes an id: "STARLINK-1130 (DARKSAT)" is STARLINK-1130-DARKSAT.
      const id = name
        .trim()
        .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
        .replace(/-$/, '');
      satellites.set(id, temeToEcef(positionTemeKm(readTle(line1, line2), unixMs), unixMs));
    }

    const expected = new Map(
      SITES.flatMap((site) =>
        [...satellites].flatMap(([id, position]) => {
          const look = lookAngles(site.lat, site.lon, site.alt_m, position);
          return look.elevationDeg >= MASK_DEG ? [[`${site.id} ${id}`, look] as const] : [];
        }),
      ),
    );
    const ground = new Set(SITES.map((site) => site.id));
    const gsl = rows.filter((row) => row.type === 'gsl');
    const seen = gsl.filter((row) => ground.has(row.src)).map((row) => `${row.src} ${row.dst}`);
    const back = gsl.filter((row) => ground.has(row.dst)).map((row) => `${row.dst} ${row.src}`);
    expect(expected.size).toBeGreaterThan(10);
    expect(seen.toSorted()).toEqual([...expected.keys()].toSorted());
    expect(back.toSorted()).toEqual(seen.toSorted());

    for (const row of gsl) {
      const look = expected.get(ground.has(row.src) ? `${row.src} ${row.dst}` : `${row.dst} ${row.src}`)!;
      expect(row.elevation_deg).toBeCloseTo(look.elevationDeg, 5);
      expect(row.azimuth_deg).toBeCloseTo(look.azimuthDeg, 4);
      expect(Math.abs(row.range_km - look.rangeKm)).toBeLessThan(1e-4);
      expect(row.one_way_delay_ms).toBeCloseTo((look.rangeKm / LIGHT_KM_PER_S) * 1000, 6);
    }

    const isl = rows.filter((row) => row.type === 'isl');
    expect(isl.length).toBeGreaterThan(1500);
    for (const row of isl) {
      const km = distanceKm(satellites.get(row.src)!, satellites.get(row.dst)!);
      expect(Math.abs(row.range_km - km)).toBeLessThan(1e-4);
      expect(row.one_way_delay_ms).toBeCloseTo((km / LIGHT_KM_PER_S) * 1000, 6);
      expect(row.elevation_deg).toBeNull();
    }
  });
});
