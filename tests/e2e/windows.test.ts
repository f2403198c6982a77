import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { iridium, root, workplace } from './satsim.js';

type Row = Record<string, string | number | boolean | null>;
const AT = ['--at', '2026-11-20T00:02:00Z'];
const bentPipe = join(root, 'examples/bent-pipe.satsim.yaml');

describe('windows into the engine', () => {
  const place = workplace();
  afterAll(place.remove);
  const output = async (...args: string[]): Promise<string> => {
    const printed = await place.output(...args);
    expect(place.leftovers()).toEqual([]);
    return printed;
  };

  it('links: every directed link, in fixed fields', async () => {
    const links = JSON.parse(await output('links', iridium, ...AT, '--format', 'json')) as Row[];
    expect(Object.keys(links[0]!)).toEqual([
      'src',
      'dst',
      'type',
      'up',
      'elevation_deg',
      'azimuth_deg',
      'range_km',
      'one_way_delay_ms',
      'capacity_mbps',
      'loss_pct',
      'snr_db',
      'margin_db',
      'modcod',
    ]);
    const keys = new Set(links.map(({ type, src, dst }) => `${type}:${src}>${dst}`));
    expect(keys.size).toBe(links.length);
    for (const { type, src, dst } of links) expect(keys, 'the other direction').toContain(`${type}:${dst}>${src}`);
    // +Grid of 6 × 11 without the seam: 66 links along the planes, 55 between them, and one satellite for each of 4 terminals.
    expect(links.filter(({ type }) => type === 'isl')).toHaveLength(2 * (66 + 55));
    expect(links.filter(({ type }) => type === 'gsl')).toHaveLength(2 * 4);
    for (const link of links) {
      const ofGround = link['type'] === 'gsl';
      expect(typeof link['elevation_deg']).toBe(ofGround ? 'number' : 'object');
      expect(link['one_way_delay_ms']).toBeCloseTo((link['range_km'] as number) / 299.792458, 3);
    }
  });

  it('links: the same as CSV and as a table', async () => {
    const [header, ...rows] = (await output('links', bentPipe, ...AT, '--format', 'csv')).split('\n');
    expect(header).toBe('src,dst,type,up,elevation_deg,azimuth_deg,range_km,one_way_delay_ms,capacity_mbps,loss_pct,snr_db,margin_db,modcod');
    expect(rows).toHaveLength(4);
    const table = (await output('links', bentPipe, ...AT)).split('\n');
    expect(await output('links', bentPipe, ...AT, '--format', 'text')).toBe(table.join('\n'));
    expect(table[0]!.split(/ +/)).toEqual(header!.split(','));
    expect(table[1]).toMatch(/^\S+ +SAT-1-1 +gsl +true +[\d.]+ /);
  });

  describe('links: what the scenario says of time holds at the moment asked for', () => {
    const file = () =>
      place.write(
        'conditions.satsim.yaml',
        `name: conditions
time: { t0: "2026-11-20T00:00:00Z", duration: 10m, dt: 1s }
constellation: [ { walker: { name: A, planes: 1, per_plane: 40, altitude_km: 1200, inclination_deg: 0 } } ]
ground:
  - { id: open, lat: 1, lon: 0 }
  - { id: east, lat: 1, lon: 0, elevation_mask: [[0, 5], [179, 5], [181, 90], [359, 90]] }
  - { id: ship, waypoints: [ { at: 2m, lat: 1, lon: 0 }, { at: 4m, lat: 1, lon: 0.1 } ] }
terminals: { ground_station: { antennas: 40 }, user_terminal: { antennas: 40 } }
links: { isl: { pattern: plus_grid }, gsl: { min_elevation_deg: 10, policy: all_visible } }
weather: [ { site: open, series: [ { at: 3m, rain_mm_per_h: 0 }, { at: 5m, rain_mm_per_h: 60 } ] } ]
faults: [ { at: 3m, for: 3m, node: "A-1-7" }, { at: 3m, for: 3m, link: [A-1-1, A-1-2], effect: { delay_ms: 5 } } ]
`,
      );
    const at = async (time: string): Promise<Row[]> => JSON.parse(await output('links', file(), '--at', time, '--format', 'json')) as Row[];
    const named = (links: readonly Row[], src: string, dst: string): Row => links.find((link) => link['src'] === src && link['dst'] === dst)!;

    // Before the start, on the grid, and off it.
    it.each([
      ['2026-11-19T23:58:30Z', false],
      ['2026-11-20T00:02:59.999Z', false],
      ['2026-11-20T00:03:00Z', true],
      ['2026-11-20T00:05:59.999Z', true],
      ['2026-11-20T00:06:00Z', false],
      ['2026-11-20T01:00:00.007Z', false],
    ])('faults at %s: %s', async (time, inForce) => {
      const links = await at(time);
      const ofFailed = links.filter(({ src, dst, type }) => type === 'isl' && (src === 'A-1-7' || dst === 'A-1-7'));
      expect(ofFailed).toHaveLength(4);
      for (const { up } of ofFailed) expect(up).toBe(!inForce);
      const { one_way_delay_ms: delay, range_km: range } = named(links, 'A-1-1', 'A-1-2');
      expect((delay as number) - (range as number) / 299.792458).toBeCloseTo(inForce ? 5 : 0, 6);
    });

    it('rain, masks and moving terminals', async () => {
      const [dry, wet] = [await at('2026-11-20T00:01:00Z'), await at('2026-11-20T00:05:30Z')];
      const capacity = (links: readonly Row[], site: string): number =>
        Math.max(...links.filter(({ src, up }) => src === site && up).map((link) => link['capacity_mbps'] as number));
      expect(capacity(wet, 'open')).toBeLessThan(0.8 * capacity(dry, 'open'));
      expect(capacity(wet, 'ship')).toBeGreaterThan(0.9 * capacity(dry, 'ship'));
      const azimuths = (site: string): number[] => dry.filter(({ src }) => src === site).map((link) => link['azimuth_deg'] as number);
      expect(azimuths('open').some((azimuth) => azimuth > 181)).toBe(true);
      expect(azimuths('east').length).toBeGreaterThan(0);
      for (const azimuth of azimuths('east')) expect(azimuth).toBeLessThan(181);
      // The ship lies where the open site is, and leaves it.
      const range = (links: readonly Row[], site: string): number => links.find(({ src }) => src === site)!['range_km'] as number;
      expect(range(dry, 'ship')).toBeCloseTo(range(dry, 'open'), 6);
      expect(Math.abs(range(wet, 'ship') - range(wet, 'open'))).toBeGreaterThan(0.5);
    });
  });

  it('ephemeris: positions and velocities, Earth-fixed or not', async () => {
    const ecef = JSON.parse(await output('ephemeris', iridium, ...AT, '--format', 'json')) as Row[];
    expect(ecef).toHaveLength(66 + 4);
    expect(Object.keys(ecef[0]!)).toEqual(['id', 'x_km', 'y_km', 'z_km', 'vx_km_s', 'vy_km_s', 'vz_km_s']);
    const teme = JSON.parse(await output('ephemeris', iridium, ...AT, '--frame', 'teme', '--format', 'json')) as Row[];
    const radius = ({ x_km: x, y_km: y, z_km: z }: Row) => Math.hypot(x as number, y as number, z as number);
    expect(radius(teme[0]!)).toBeGreaterThan(7140);
    expect(radius(teme[0]!)).toBeLessThan(7180);
    expect(radius(ecef[0]!)).toBeCloseTo(radius(teme[0]!), 6);
    expect(ecef[0]!['x_km']).not.toBeCloseTo(teme[0]!['x_km'] as number, 0);
    expect(await output('ephemeris', bentPipe, ...AT, '--format', 'csv')).toMatch(/^id,x_km,y_km,z_km,vx_km_s,vy_km_s,vz_km_s\nSAT-1-1,-?[\d.]+,/);
  });

  it('elements export: what it writes is read again as the same satellites', async () => {
    const exported = await output('elements', 'export', iridium);
    expect((JSON.parse(exported) as Row[]).map((set) => set['OBJECT_NAME'])).toHaveLength(66);
    place.write('iridium.omm.json', exported);
    place.write('iridium.tle', await output('elements', 'export', iridium, '--format', 'tle'));
    const walker = JSON.parse(await output('ephemeris', iridium, ...AT, '--frame', 'teme', '--format', 'json')) as Row[];
    for (const [file, tolerance] of [
      ['iridium.omm.json', 6],
      // A TLE rounds angles to 0.0001°: 12 m here.
      ['iridium.tle', 1],
    ] as const) {
      const scenario = place.write(
        'read.satsim.yaml',
        `name: read\ntime: { t0: "2026-11-20T00:00:00Z", duration: 10m }\nconstellation: [ { elements: { file: ${file} } } ]\n`,
      );
      const read = JSON.parse(await output('ephemeris', scenario, ...AT, '--frame', 'teme', '--format', 'json')) as Row[];
      expect(read.map(({ id }) => id)).toEqual(walker.slice(0, 66).map(({ id }) => id));
      for (const [index, row] of read.entries())
        for (const axis of ['x_km', 'y_km', 'z_km']) expect(row[axis], `${file} ${axis}`).toBeCloseTo(walker[index]![axis] as number, tolerance);
    }
  });

  it('the element file of the examples is what satsim writes today', async () => {
    expect(readFileSync(join(root, 'examples/iridium.omm.json'), 'utf8').trimEnd()).toBe((await output('elements', 'export', iridium)).trimEnd());
  });
});
