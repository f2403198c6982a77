import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root, workplace } from '../e2e/satsim.js';
import { lookAngles, temeToEcef } from './independent/geometry.js';
import { positionTemeKm, readTle } from './independent/sgp4.js';
import { sharedData, skipWithoutSharedData } from './shared-data.js';

interface PassRow {
  readonly sat: string;
  readonly rise: string;
  readonly culmination: string;
  readonly set: string;
  readonly duration_s: number;
  readonly max_elevation_deg: number;
  readonly rise_azimuth_deg: number;
  readonly culmination_azimuth_deg: number;
  readonly set_azimuth_deg: number;
  readonly cut: 'start' | 'end' | 'both' | null;
}
interface CoverageRow {
  readonly site: string;
  readonly covered_pct: number;
  readonly usable_pct: number;
  readonly visible_min: number;
  readonly visible_mean: number;
  readonly visible_max: number;
  readonly gaps: number;
  readonly longest_gap_s: number;
  readonly gap_times: readonly { readonly start: string; readonly end: string }[];
}

const RAD = Math.PI / 180;

describe('satsim passes and coverage', () => {
  const place = workplace();
  afterAll(place.remove);
  const passes = async (...args: string[]): Promise<PassRow[]> => JSON.parse(await place.output('passes', ...args, '--format', 'json')) as PassRow[];
  const coverage = async (...args: string[]): Promise<CoverageRow[]> =>
    JSON.parse(await place.output('coverage', ...args, '--format', 'json')) as CoverageRow[];

  describe.skipIf(skipWithoutSharedData)('of real satellites, against a second computation', () => {
    const T0 = Date.parse('2024-10-21T13:00:00Z');
    const SPAN_S = 10_800;
    const COUNT = 120;
    const SITES: Record<string, (unixMs: number) => { lat: number; lon: number; maskDeg: (azimuthDeg: number) => number }> = {
      oslo: () => ({ lat: 59.91, lon: 10.75, maskDeg: () => 20 }),
      // 5° to the north, rising to 45° in the south.
      valley: () => ({ lat: 46.5, lon: 8, maskDeg: (azimuthDeg) => 5 + 40 * (1 - Math.abs(azimuthDeg - 180) / 180) }),
      // 1,670 km in the three hours, along a meridian, where a great circle needs no formula.
      plane: (unixMs) => ({ lat: 50 + (15 * (unixMs - T0)) / (SPAN_S * 1000), lon: -30, maskDeg: () => 10 }),
    };
    const scenario = () =>
      place.write(
        'passes.satsim.yaml',
        [
          'name: passes',
          `time: { t0: "2024-10-21T13:00:00Z", duration: ${SPAN_S}s }`,
          `constellation: [ { elements: { file: ${sharedData('starlink-2024-10-21.tle')}, limit: ${COUNT} } } ]`,
          'ground:',
          '  - { id: oslo, lat: 59.91, lon: 10.75, min_elevation_deg: 20 }',
          '  - { id: valley, lat: 46.5, lon: 8, elevation_mask: [[0, 5], [180, 45]] }',
          `  - { id: plane, waypoints: [{ at: 0s, lat: 50, lon: -30 }, { at: ${SPAN_S}s, lat: 65, lon: -30 }], min_elevation_deg: 10 }`,
          'links: { isl: { pattern: none }, gsl: { min_elevation_deg: 5 } }',
        ].join('\n'),
      );
    const satellites = () => {
      const lines = readFileSync(sharedData('starlink-2024-10-21.tle'), 'utf8').split(/\r?\n/);
      return new Map(
        Array.from({ length: COUNT }, (_, i) => {
          const [name, line1, line2] = lines.slice(3 * i, 3 * i + 3) as [string, string, string];
          const id = name.trim().replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/-$/, ''); // prettier-ignore
          return [id, readTle(line1, line2)] as const;
        }),
      );
    };

    it.each(Object.keys(SITES))('%s: rises and sets on its horizon, and sees nothing else', async (site) => {
      const found = await passes(scenario(), '--from', site);
      const elements = satellites();
      const look = (sat: string, unixMs: number) => {
        const { lat, lon, maskDeg } = SITES[site]!(unixMs);
        const angles = lookAngles(lat, lon, 0, temeToEcef(positionTemeKm(elements.get(sat)!, unixMs), unixMs));
        return { ...angles, clearDeg: angles.elevationDeg - maskDeg(angles.azimuthDeg) };
      };
      expect(found.length).toBeGreaterThan(10);
      for (const pass of found) {
        const [rise, culmination, set] = [pass.rise, pass.culmination, pass.set].map((time) => Date.parse(time)) as [number, number, number];
        // A satellite climbs by at least 0.01° a second here, so that 0.005° is half a second.
        if (pass.cut !== 'start' && pass.cut !== 'both') expect(Math.abs(look(pass.sat, rise).clearDeg), `${pass.sat} rises`).toBeLessThan(0.005);
        if (pass.cut !== 'end' && pass.cut !== 'both') expect(Math.abs(look(pass.sat, set).clearDeg), `${pass.sat} sets`).toBeLessThan(0.005);
        const highest = look(pass.sat, culmination);
        expect(pass.max_elevation_deg).toBeCloseTo(highest.elevationDeg, 2);
        const turn = Math.abs(pass.culmination_azimuth_deg - highest.azimuthDeg) * Math.cos(highest.elevationDeg * RAD);
        expect(Math.min(turn, 360 - turn)).toBeLessThan(0.02);
        for (let t = rise; t <= set; t += 10_000) expect(look(pass.sat, t).elevationDeg).toBeLessThan(pass.max_elevation_deg + 0.005);
        expect(pass.duration_s).toBeCloseTo((set - rise) / 1000, 6);
      }
      // Every 10 s: above the horizon exactly while a pass lasts.
      for (const sat of elements.keys()) {
        const mine = found.filter((pass) => pass.sat === sat).map(({ rise, set }) => [Date.parse(rise), Date.parse(set)] as const);
        for (let t = T0; t < T0 + SPAN_S * 1000; t += 10_000) {
          const { clearDeg } = look(sat, t);
          if (Math.abs(clearDeg) < 0.005) continue;
          expect(mine.some(([rise, set]) => t >= rise && t <= set), `${sat} at ${new Date(t).toISOString()}: ${clearDeg}°`).toBe(clearDeg > 0); // prettier-ignore
        }
      }
    });
  });

  it('coverage says the same as the passes of each site', async () => {
    const file = join(root, 'examples/one-satellite-a-plane.satsim.yaml');
    const rows = await coverage(file);
    expect(rows.map(({ site }) => site)).toEqual(['quito', 'madrid', 'tokyo']);
    for (const row of rows) {
      const found = await passes(file, '--from', row.site);
      const steps = Array.from({ length: 720 }, (_, k) => Date.parse('2026-11-20T00:00:00Z') + k * 10_000);
      const visible = steps.map((t) => found.filter(({ rise, set }) => t >= Date.parse(rise) && t < Date.parse(set)).length);
      const covered = visible.filter((count) => count > 0).length;
      expect(row.covered_pct).toBeCloseTo((100 * covered) / steps.length, 9);
      // One beam of ours for every satellite in sight, and nothing that breaks: what is covered is usable.
      expect(row.usable_pct).toBeCloseTo(row.covered_pct, 9);
      expect(row.visible_mean).toBeCloseTo(visible.reduce((sum, count) => sum + count, 0) / steps.length, 9);
      expect([row.visible_min, row.visible_max]).toEqual([Math.min(...visible), Math.max(...visible)]);
      const gaps = visible.map((count) => (count > 0 ? 'x' : ' ')).join('').match(/ +/g) ?? []; // prettier-ignore
      expect([row.gaps, row.longest_gap_s]).toEqual([gaps.length, Math.max(0, ...gaps.map((gap) => gap.length * 10))]);
      const inGaps = steps.map((t) => row.gap_times.some(({ start, end }) => t >= Date.parse(start) && t < Date.parse(end)));
      expect([row.gap_times.length, inGaps]).toEqual([gaps.length, visible.map((count) => count === 0)]);
    }
  });

  it('another span leaves the orbits where they are, before the start too', async () => {
    const file = join(root, 'examples/one-satellite-a-plane.satsim.yaml');
    const [first] = (await passes(file, '--from', 'madrid')).filter(({ cut }) => cut === null);
    const around = ['--start', '2026-11-19T23:00:00Z', '--duration', '4h'];
    const again = (await passes(file, '--from', 'madrid', ...around)).find(({ sat, culmination }) => sat === first!.sat && culmination === first!.culmination);
    expect(again).toEqual(first);
    const [row] = await coverage(file, ...around, '--step', '1m');
    expect(row!.visible_mean).toBeGreaterThan(0);
  });

  it('one satellite, another least elevation, and names that are nobody', async () => {
    const file = join(root, 'examples/one-satellite-a-plane.satsim.yaml');
    const low = await passes(file, '--from', 'madrid', '--sat', 'ONE-2-1', '--min-elevation', '0');
    expect(low.length).toBeGreaterThan(0);
    expect(new Set(low.map(({ sat }) => sat))).toEqual(new Set(['ONE-2-1']));
    for (const pass of await passes(file, '--from', 'madrid', '--min-elevation', '40')) expect(pass.max_elevation_deg).toBeGreaterThanOrEqual(40);
    for (const [args, expected] of [
      [['--from', 'madird'], /there is no site madird[^]*Did you mean madrid/],
      [['--from', 'ONE-1-1'], /there is no site ONE-1-1/],
      [['--from', 'madrid', '--sat', 'ONE-2-9'], /there is no satellite ONE-2-9[^]*Did you mean ONE-/],
      [['--from', 'madrid', '--min-elevation', '95'], /no elevation/],
      [['--from', 'madrid', '--duration', '3'], /no length of time[^]*number and a unit/],
      [['--from', 'madrid', '--start', '2026-11-20T05:00:00Z'], /not before the end[^]*--duration/],
      [[], /--from/],
    ] as const) {
      const { stderr, exitCode } = await place.satsim('passes', file, ...args);
      expect(stderr).toMatch(expected);
      expect(exitCode).toBe(2);
    }
    const { stderr, exitCode } = await place.satsim('coverage', file, '--start', '2026-11-20T00:00:03Z');
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/whole number of steps.*\n.*--start 20\S+Z/)]);
  });

  it('as a table and as CSV, with the same columns', async () => {
    const file = join(root, 'examples/one-satellite-a-plane.satsim.yaml');
    const header = 'sat,rise,culmination,set,duration_s,max_elevation_deg,rise_azimuth_deg,culmination_azimuth_deg,set_azimuth_deg,cut';
    const csv = (await place.output('passes', file, '--from', 'madrid', '--format', 'csv')).split('\n');
    const table = (await place.output('passes', file, '--from', 'madrid')).split('\n');
    expect(csv[0]).toBe(header);
    expect(table[0]!.split(/ +/)).toEqual(header.split(','));
    expect(table).toHaveLength(csv.length);
    expect((await place.output('coverage', file, '--format', 'csv')).split('\n')[0]).toBe(
      'site,covered_pct,usable_pct,visible_min,visible_mean,visible_max,gaps,longest_gap_s',
    );
    expect(place.leftovers()).toEqual([]);
  });
});
