import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { LIGHT_KM_PER_S } from './independent/geometry.js';
import { sharedData, skipWithoutSharedData } from './shared-data.js';

/** Round trip along the great circle at c, ms (haversine, mean radius 6371.0088 km). */
function greatCircleRttMs(a: readonly [number, number], b: readonly [number, number]): number {
  const [la1, lo1, la2, lo2] = [a[0], a[1], b[0], b[1]].map((deg) => (deg * Math.PI) / 180) as [number, number, number, number];
  const h = Math.sin((la2 - la1) / 2) ** 2 + Math.cos(la1) * Math.cos(la2) * Math.sin((lo2 - lo1) / 2) ** 2;
  return ((2 * 2 * 6371.0088 * Math.asin(Math.sqrt(h))) / LIGHT_KM_PER_S) * 1000;
}

describe.skipIf(skipWithoutSharedData)('6,469 real Starlink satellites and the 100 most populous cities', () => {
  const place = workplace();
  afterAll(place.remove);

  it('run to the end: RTT between 1.0 and 2.5 times the great circle at c, availability at least 0.99', { timeout: 180_000 }, async () => {
    const file = place.write(
      'starlink.satsim.yaml',
      `
name: starlink-real
seed: 1
time: { t0: "2024-10-21T12:00:00Z", duration: 20m, dt: 10s }
constellation:
  - elements: { file: ${sharedData('starlink-2024-10-21.tle')} }
ground:
  - csv: { file: ${sharedData('cities-top100.csv')}, columns: { id: 1, lat: 2, lon: 3 }, role: user_terminal }
links:
  isl: { pattern: plus_grid }
  gsl: { min_elevation_deg: 25 }
traffic:
  - { id: tokyo-delhi, from: Tokyo, to: Delhi, kind: ping }
  - { id: london-new-york, from: London, to: New-York-Newark, kind: ping }
`,
    );
    const run = await place.run(file);
    expect(run).toMatchObject({ outcome: 'completed', ticks: 120 });

    const cities = new Map(
      readFileSync(sharedData('cities-top100.csv'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(','))
        .map(([, name, lat, lon]) => [name!, [Number(lat), Number(lon)] as const]),
    );
    const direct = {
      'tokyo-delhi': greatCircleRttMs(cities.get('Tokyo')!, cities.get('Delhi')!),
      'london-new-york': greatCircleRttMs(cities.get('London')!, cities.get('New-York-Newark')!),
    };
    for (const [id, rttMs] of Object.entries(direct)) {
      const flow = run.flows.find((each) => each.id === id)!;
      expect(flow.availability, id).toBeGreaterThanOrEqual(0.99);
      expect(flow.rttMs.min / rttMs, id).toBeGreaterThanOrEqual(1);
      expect(flow.rttMs.max / rttMs, id).toBeLessThanOrEqual(2.5);
    }
  });
});
