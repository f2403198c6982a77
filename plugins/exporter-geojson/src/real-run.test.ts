import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Feature } from './features.js';
import { NETWORK_FILE } from './geojson-exporter.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const LIGHT_KM_PER_MS = 299.792458;
/** What a link's delay may differ from the last one sent, by the example's thresholds. */
const THRESHOLD_MS = 0.01;

/** WGS 84, by its definition; km. */
function ecefKm([lonDeg, latDeg, altM]: readonly number[]): readonly number[] {
  const [lon, lat] = [(lonDeg! * Math.PI) / 180, (latDeg! * Math.PI) / 180];
  const n = 6_378_137 / Math.sqrt(1 - 6.69437999014e-3 * Math.sin(lat) ** 2);
  return [(n + altM!) * Math.cos(lat) * Math.cos(lon), (n + altM!) * Math.cos(lat) * Math.sin(lon), (n * (1 - 6.69437999014e-3) + altM!) * Math.sin(lat)].map(
    (metres) => metres / 1e3,
  );
}

describe('two minutes of Iridium, at 100 s', () => {
  const place = mkdtempSync(join(tmpdir(), 'satsim-geojson-'));
  afterAll(() => rmSync(place, { recursive: true, force: true }));
  let features: readonly Feature[] = [];
  beforeAll(async () => {
    const args = [
      'run',
      path('../../../examples/iridium.satsim.yaml'),
      '--t1',
      '2026-11-20T00:02:00Z',
      '--plugin',
      path('..'),
      '--set',
      'exporters={geojson: {at: 100s}}',
      '--format',
      'json',
    ];
    const { stdout } = await promisify(execFile)(process.execPath, [path('../../../packages/cli/bin/satsim.js'), ...args], { cwd: place });
    const { runDir } = JSON.parse(stdout) as { runDir: string };
    const drawn = JSON.parse(readFileSync(join(runDir, NETWORK_FILE), 'utf8')) as { time: string; features: readonly Feature[] };
    expect(drawn.time).toBe('2026-11-20T00:01:40.000Z');
    ({ features } = drawn);
  });

  const of = (type: string) => features.filter(({ properties }) => properties.type === type);
  const point = (id: unknown) => (features.find((feature) => feature.id === id)!.geometry as unknown as { coordinates: readonly number[] }).coordinates;

  it('has 66 satellites at 780 km and the sites where the scenario puts them', () => {
    const satellites = of('node').filter(({ properties }) => properties.role === 'satellite');
    expect(satellites).toHaveLength(66);
    for (const { id } of satellites) {
      const [, , alt] = point(id);
      // Above the equatorial radius; the ellipsoid is 21 km lower at the poles.
      expect(alt).toBeGreaterThan(765_000);
      expect(alt).toBeLessThan(815_000);
    }
    const sites: [string, number[]][] = [
      ['oslo', [10.75, 59.91, 20]],
      ['singapore', [103.82, 1.35, 15]],
      ['honolulu', [-157.86, 21.31, 0]],
      ['mcmurdo', [166.67, -77.85, 10]],
    ];
    for (const [id, [lon, lat, alt]] of sites) expect(point(id)).toEqual([lon, lat, expect.closeTo(alt!, 1)]);
  });

  it('has lines whose length is the delay of their link', () => {
    const links = of('link');
    expect(links.length).toBeGreaterThan(200);
    for (const { properties, id } of links) {
      const [a, b] = [ecefKm(point(properties.source)), ecefKm(point(properties.target))];
      const delayMs = Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!) / LIGHT_KM_PER_MS;
      expect(Math.abs(delayMs - (properties.one_way_delay_ms as number)), id).toBeLessThan(THRESHOLD_MS * 1.01);
    }
  });
});
