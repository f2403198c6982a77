// Defects that were found in other simulators of satellite networks, each as a test of its own: what concerns orbits and links.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workplace } from '../e2e/satsim.js';
import { distanceKm, LIGHT_KM_PER_S, lookAngles } from './independent/geometry.js';

interface Link {
  readonly src: string;
  readonly dst: string;
  readonly type: string;
  readonly up: boolean;
  readonly elevation_deg: number | null;
  readonly range_km: number | null;
  readonly one_way_delay_ms: number;
  readonly capacity_mbps: number;
  readonly loss_pct: number;
}
interface State {
  readonly id: string;
  readonly x_km: number;
  readonly y_km: number;
  readonly z_km: number;
  readonly vx_km_s: number;
  readonly vy_km_s: number;
  readonly vz_km_s: number;
}
type Vector = [number, number, number];

const AT = '2026-11-20T00:00:00Z';
const HEAD = `name: peers\ntime: { t0: "${AT}", duration: 10m, dt: 1s }`;
const MU = 398_600.8;
const RE_KM = 6378.135;
const DEG = 180 / Math.PI;

const place = workplace();
afterAll(place.remove);

const linksOf = async (file: string, ...more: string[]): Promise<Link[]> =>
  JSON.parse(await place.output('links', file, ...more, '--at', AT, '--format', 'json')) as Link[];
const ephemerisOf = async (file: string, ...more: string[]): Promise<Map<string, State>> => {
  const states = JSON.parse(await place.output('ephemeris', file, ...more, '--at', AT, '--format', 'json')) as State[];
  return new Map(states.map((state) => [state.id, state]));
};
const positionOf = ({ x_km, y_km, z_km }: State): Vector => [x_km, y_km, z_km];

describe('a shell of satellites, two cities and a line between them', () => {
  const OSLO = { lat: 59.91, lon: 10.75, alt_m: 20 };
  let links: Link[];
  let states: Map<string, State>;

  beforeAll(async () => {
    const file = place.write(
      'shell.satsim.yaml',
      `${HEAD}
constellation: [ { walker: { name: W, pattern: delta, planes: 12, per_plane: 12, altitude_km: 1150, inclination_deg: 70, phasing: 5 } } ]
ground: [ { id: oslo, lat: ${OSLO.lat}, lon: ${OSLO.lon}, alt_m: ${OSLO.alt_m} }, { id: bergen, lat: 60.39, lon: 5.32 } ]
links:
  isl: { pattern: plus_grid, capacity_mbps: 4321 }
  gsl: { policy: all_visible, min_elevation_deg: 10, capacity_mbps: 210, loss_pct: 0.25 }
  terrestrial: [ { a: oslo, b: bergen, delay_ms: 7.25, capacity_mbps: 1234.5, loss_pct: 0.75 } ]
`,
    );
    [links, states] = await Promise.all([linksOf(file), ephemerisOf(file)]);
  });

  it('Celestial: the bandwidth between ground stations was the value of the delay', () => {
    const lines = links.filter(({ type }) => type === 'terrestrial');
    expect(lines.map(({ src }) => src).toSorted()).toEqual(['bergen', 'oslo']);
    for (const line of lines) expect(line).toMatchObject({ one_way_delay_ms: 7.25, capacity_mbps: 1234.5, loss_pct: 0.75 });
    for (const [type, capacity] of [
      ['isl', 4321],
      ['gsl', 210],
    ] as const) {
      const some = links.filter((link) => link.type === type);
      expect(some.length).toBeGreaterThan(4);
      expect(new Set(some.map((link) => link.capacity_mbps))).toEqual(new Set([capacity]));
      expect(new Set(some.map((link) => link.one_way_delay_ms)).size).toBeGreaterThan(1);
    }
  });

  it('Celestial: positions were cut off at whole kilometres', () => {
    const isls = links.filter(({ type }) => type === 'isl');
    const cut = (state: State): Vector => positionOf(state).map(Math.trunc) as Vector;
    let worst = 0;
    for (const { src, dst, range_km } of isls) {
      const [a, b] = [states.get(src)!, states.get(dst)!];
      expect(Math.abs(range_km! - distanceKm(positionOf(a), positionOf(b)))).toBeLessThan(1e-6);
      worst = Math.max(worst, Math.abs(range_km! - distanceKm(cut(a), cut(b))));
    }
    // Otherwise this could not have told the two apart.
    expect(worst).toBeGreaterThan(0.5);
  });

  it('StarryNet: light between satellites was slowed to 0.587 c', () => {
    const radio = links.filter(({ type }) => type !== 'terrestrial');
    expect(new Set(radio.map(({ type }) => type))).toEqual(new Set(['isl', 'gsl']));
    for (const { range_km, one_way_delay_ms } of radio) expect(range_km! / (one_way_delay_ms / 1000) / LIGHT_KM_PER_S).toBeCloseTo(1, 9);
  });

  it('Stardust: degrees were taken for radians', () => {
    for (const [id, state] of states) {
      const plane = /^W-(\d+)-/.exec(id)?.[1];
      if (plane === undefined) continue;
      const { inclinationDeg } = orbitOf(state);
      expect(inclinationDeg, id).toBeGreaterThan(69.8);
      expect(inclinationDeg, id).toBeLessThan(70.2);
    }
    for (const { src, dst, elevation_deg } of links.filter((link) => link.src === 'oslo' && link.type === 'gsl')) {
      const { elevationDeg } = lookAngles(OSLO.lat, OSLO.lon, OSLO.alt_m, positionOf(states.get(dst)!));
      expect(elevation_deg, `${src} ${dst}`).toBeCloseTo(elevationDeg, 6);
    }
  });
});

it('Stardust: every satellite had one and the same semi-major axis', async () => {
  const altitudes = { LOW: 340, MIDDLE: 1200, HIGH: 20_200 };
  const shells = Object.entries(altitudes).map(
    ([name, altitude]) => `{ walker: { name: ${name}, planes: 2, per_plane: 3, altitude_km: ${altitude}, inclination_deg: 60 } }`,
  );
  const states = await ephemerisOf(place.write('altitudes.satsim.yaml', `${HEAD}\nconstellation: [ ${shells.join(', ')} ]\n`));
  for (const [name, altitudeKm] of Object.entries(altitudes)) {
    const shell = [...states.values()].filter(({ id }) => id.startsWith(name));
    expect(shell).toHaveLength(6);
    // The flattened Earth moves a circular orbit by about 10 km.
    for (const state of shell) expect(Math.abs(orbitOf(state).semiMajorAxisKm - RE_KM - altitudeKm), state.id).toBeLessThan(20);
  }
});

it('OpenSN: the closest satellite was chosen though it stood below the horizon', async () => {
  // Over the equator: one low satellite, and a high one wherever one stands. The station sees the low one's place 25° away.
  const file = place.write(
    'horizon.satsim.yaml',
    `${HEAD}
constellation:
  - { walker: { name: LOW, planes: 1, per_plane: 1, altitude_km: 550, inclination_deg: 0 } }
  - { walker: { name: HIGH, planes: 1, per_plane: 8, altitude_km: 8000, inclination_deg: 0 } }
ground: [ { id: station, lat: 0, lon: 0 } ]
links: { isl: { pattern: none }, gsl: { min_elevation_deg: 10 } }
`,
  );
  const states = await ephemerisOf(file);
  const low = states.get('LOW-1-1')!;
  const lon = ((Math.atan2(low.y_km, low.x_km) * DEG + 25 + 540) % 360) - 180;
  const looks = [...states].filter(([id]) => id !== 'station').map(([id, state]) => ({ id, ...lookAngles(0, lon, 0, positionOf(state)) }));
  const nearest = looks.reduce((least, each) => (each.rangeKm < least.rangeKm ? each : least));
  expect(nearest).toMatchObject({ id: 'LOW-1-1' });
  expect(nearest.elevationDeg).toBeLessThan(0);
  const visible = new Set(looks.filter(({ elevationDeg }) => elevationDeg >= 10).map(({ id }) => id));

  for (const policy of ['all_visible', 'max_elevation', 'longest_visible', 'max_snr', 'least_loaded', 'scheduled']) {
    const links = await linksOf(file, '--set', `ground[0].lon=${lon}`, '--set', `links.gsl.policy=${policy}`);
    expect(links.length, policy).toBeGreaterThan(0);
    for (const { src, dst, elevation_deg } of links) {
      expect(elevation_deg, policy).toBeGreaterThanOrEqual(10);
      expect(visible, policy).toContain(src === 'station' ? dst : src);
    }
  }
});

/** From position and velocity. The ephemeris turns with the Earth; in an inertial frame the velocity has ω × r on top. */
function orbitOf({ x_km, y_km, z_km, vx_km_s, vy_km_s, vz_km_s }: State): { inclinationDeg: number; semiMajorAxisKm: number } {
  const EARTH_RAD_PER_S = 7.2921151467e-5;
  const [vx, vy] = [vx_km_s - EARTH_RAD_PER_S * y_km, vy_km_s + EARTH_RAD_PER_S * x_km];
  const momentum: Vector = [y_km * vz_km_s - z_km * vy, z_km * vx - x_km * vz_km_s, x_km * vy - y_km * vx];
  const speed2 = vx ** 2 + vy ** 2 + vz_km_s ** 2;
  return {
    inclinationDeg: Math.acos(momentum[2] / Math.hypot(...momentum)) * DEG,
    semiMajorAxisKm: 1 / (2 / Math.hypot(x_km, y_km, z_km) - speed2 / MU),
  };
}
