import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TickUpdate } from '@satsim/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';
import type { FinishedRun } from '../e2e/satsim.js';

interface Event {
  readonly simTimeMs: number;
  readonly type: string;
  readonly linkId: string;
  readonly nodeId: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}
interface Sample {
  readonly flow: string;
  readonly simTimeMs: number;
  readonly rttMs: number | null;
  readonly goodputMbps: number | null;
  /** None where there is no way. */
  readonly path?: readonly string[] | null;
}
interface Link {
  readonly linkId: string;
  readonly up: boolean;
  readonly capacityMbps: number;
  readonly lossPct: number;
}

const T0 = Date.parse('2026-11-20T00:00:00Z');
const jsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const file = (name: string): string => join(root, `examples/${name}.satsim.yaml`);

/** What the comment at the head of an example promises really happens. */
describe('stock scenarios', () => {
  const place = workplace();
  afterAll(place.remove);

  it('all are found here, or are examples of something else', () => {
    const names = readdirSync(join(root, 'examples')).flatMap((name) => (name.endsWith('.satsim.yaml') ? [name.replace('.satsim.yaml', '')] : []));
    const others = [
      'bent-pipe',
      'elements-file',
      'iridium',
      'iridium-mininet',
      'iridium-parallel',
      'kuiper-630-rio-petersburg',
      'kuiper-shell',
      'oneweb',
      'starlink-shell1',
    ];
    expect(names.filter((name) => !others.includes(name))).toEqual([
      'failed-plane',
      'one-satellite-a-plane',
      'polar-isl-cutoff',
      'rain-front-gateway',
      'ship-atlantic',
      'starlink-handover-bursts',
    ]);
  });

  it('are in the table of examples/README.md, as are all', () => {
    const table = readFileSync(join(root, 'examples/README.md'), 'utf8');
    for (const name of readdirSync(join(root, 'examples'))) if (name.endsWith('.satsim.yaml')) expect(table).toContain(`](${name})`);
  });

  function running(name: string, ...args: string[]) {
    let run: FinishedRun;
    let ticks: readonly TickUpdate[];
    beforeAll(async () => {
      // Assertions of the scenario hold: otherwise the exit code is 4.
      run = await place.run(file(name), ...args);
      ticks = await ticksOf(run.runDir);
    }, 120_000);
    const of = <T>(path: string): T[] => jsonLines<T>(join(run.runDir, path));
    return {
      flow: (id: string) => run.flows.find((flow) => flow.id === id)!,
      events: (...types: string[]) => of<Event>('results/events.jsonl').filter(({ type }) => types.includes(type)),
      samples: (flow: string) => of<Sample>('results/flows.jsonl').filter((sample) => sample.flow === flow),
      /** Links that stand after each tick. */
      *states(): Generator<{ simTimeMs: number; links: ReadonlyMap<string, Link> }> {
        const links = new Map<string, Link>();
        for (const { simTimeMs, snapshot, removals, updates } of ticks) {
          if (snapshot) links.clear();
          for (const linkId of removals) links.delete(linkId);
          for (const link of updates) links.set(link.linkId, link);
          yield { simTimeMs, links };
        }
      },
    };
  }

  describe('starlink-handover-bursts', () => {
    const run = running('starlink-handover-bursts');

    it('handovers come at 12, 27, 42 and 57 s after the minute, many at once, and never in between', () => {
      const seconds = run.events('handover').map(({ simTimeMs }) => (simTimeMs / 1000) % 60);
      expect(new Set(seconds)).toEqual(new Set([12, 27, 42, 57]));
      const bursts = run.events('handover').reduce((sizes, { simTimeMs }) => sizes.set(simTimeMs, (sizes.get(simTimeMs) ?? 0) + 1), new Map<number, number>());
      expect(Math.max(...bursts.values())).toBeGreaterThanOrEqual(3);
    });

    it('a terminal has one satellite from one of these instants to the next', () => {
      const changes = run.events('link_up').filter(({ linkId, simTimeMs }) => linkId.startsWith('gsl:seattle>') && simTimeMs > T0);
      expect(changes.length).toBeGreaterThan(2);
      for (const { simTimeMs } of changes) expect((simTimeMs / 1000) % 15).toBe(12);
    });

    it('montreal never looks north below 50°', async () => {
      for (const at of ['2026-11-20T00:00:30Z', '2026-11-20T00:02:00Z', '2026-11-20T00:04:00Z']) {
        const links = JSON.parse(
          await place.output('links', file('starlink-handover-bursts'), '--set', 'links.gsl.policy=all_visible', '--at', at, '--format', 'json'),
        ) as {
          src: string;
          azimuth_deg: number;
          elevation_deg: number;
        }[];
        const north = links.filter((link) => link.src === 'montreal' && (link.azimuth_deg > 316 || link.azimuth_deg < 44));
        for (const { elevation_deg: elevation } of north) expect(elevation).toBeGreaterThanOrEqual(50);
        // Which is no wonder where there is nothing: boston sees some.
        expect(links.some((link) => link.src === 'boston' && (link.azimuth_deg > 316 || link.azimuth_deg < 44) && link.elevation_deg < 50)).toBe(true);
      }
    });
  });

  describe('rain-front-gateway', () => {
    const run = running('rain-front-gateway');
    const minute = (simTimeMs: number): number => (simTimeMs - T0) / 60_000;

    it("the MODCODs of the gateway's links step down in the rain, and up after it", () => {
      const steps = run.events('modcod_change').filter(({ linkId }) => linkId.includes('manaus'));
      expect(steps.filter(({ simTimeMs }) => minute(simTimeMs) < 10).length).toBeGreaterThan(20);
      expect(steps.filter(({ simTimeMs }) => minute(simTimeMs) >= 10).length).toBeGreaterThan(20);
      // Drizzle at the terminal takes none of its links down.
      for (const { links } of run.states()) expect([...links.values()].filter(({ linkId, up }) => !up && linkId.includes('leticia'))).toEqual([]);
    });

    it('capacity falls with it, until the uplink goes down altogether', () => {
      const up = new Map<number, number>();
      for (const { simTimeMs, links } of run.states()) {
        const capacities = [...links.values()].filter(({ linkId, up }) => up && linkId.startsWith('gsl:manaus>')).map(({ capacityMbps }) => capacityMbps);
        up.set(minute(simTimeMs), Math.max(0, ...capacities));
      }
      const [dry, wet, wetter, out, again] = [0, 4, 6, 11, 24].map((at) => up.get(at)!) as [number, number, number, number, number];
      expect(dry).toBeGreaterThan(wet);
      expect(wet).toBeGreaterThan(wetter);
      expect(wetter).toBeGreaterThan(0);
      expect(out).toBe(0);
      expect(again).toBeCloseTo(dry, -2);
    });

    it('traffic takes the gateway in clear sky meanwhile, and is never cut off', () => {
      const gateway = (simTimeMs: number) => run.samples('download').find((sample) => sample.simTimeMs === T0 + simTimeMs)!.path?.[1];
      expect([0, 11 * 60_000, 24 * 60_000].map(gateway)).toEqual(['manaus', 'belem', 'manaus']);
      expect(run.flow('download').availability).toBe(1);
    });
  });

  describe('polar-isl-cutoff', () => {
    const run = running('polar-isl-cutoff');

    it('links between planes are down beyond 65°, and only those', () => {
      const events = run.events('link_down', 'link_up').filter(({ linkId }) => linkId.startsWith('isl:'));
      expect(events.filter(({ type }) => type === 'link_down').length).toBeGreaterThan(20);
      const plane = (id: string): string => id.split('-')[1]!;
      for (const { linkId } of events) {
        const [a, b] = linkId.slice(4).split('>') as [string, string];
        expect(plane(a), linkId).not.toBe(plane(b));
      }
    });

    it('at an instant: up exactly where both ends are within the cut-off', async () => {
      const at = ['--at', '2026-11-20T00:10:00Z', '--format', 'json'];
      const links = JSON.parse(await place.output('links', file('polar-isl-cutoff'), ...at)) as { src: string; dst: string; type: string; up: boolean }[];
      const ephemeris = JSON.parse(await place.output('ephemeris', file('polar-isl-cutoff'), ...at)) as {
        id: string;
        x_km: number;
        y_km: number;
        z_km: number;
      }[];
      // Geocentric; what is nearer to the cut-off than geodetic latitudes differ from it is left out.
      const latitude = new Map(ephemeris.map(({ id, x_km: x, y_km: y, z_km: z }) => [id, Math.abs((Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI)]));
      const between = links.filter(({ src, dst, type }) => type === 'isl' && src.split('-')[1] !== dst.split('-')[1]);
      const highest = between
        .map(({ src, dst, up }) => ({ up, latitude: Math.max(latitude.get(src)!, latitude.get(dst)!) }))
        .filter((each) => Math.abs(each.latitude - 65) > 0.3);
      expect(highest.filter(({ up }) => !up).length).toBeGreaterThan(20);
      for (const { up, latitude: least } of highest) expect(up, `${least}°`).toBe(least < 65);
    });

    it('costs the north a detour: without a cut-off it is shorter', async () => {
      const { flows } = await place.run(file('polar-isl-cutoff'), '--set', 'links.isl.polar_cutoff_lat_deg=90');
      expect(flows.find(({ id }) => id === 'arctic')!.rttMs.median).toBeLessThan(0.8 * run.flow('arctic').rttMs.median);
    });
  });

  describe('failed-plane', () => {
    const run = running('failed-plane');

    it('no link of a satellite of plane 3 is up from 00:03 to 00:07, and some are before and after', () => {
      for (const { simTimeMs, links } of run.states()) {
        const second = (simTimeMs - T0) / 1000;
        const ofPlane = [...links.values()].filter(({ linkId, up }) => up && linkId.includes('IR-3-')).length;
        if (second >= 180 && second < 420) expect(ofPlane, `${second} s`).toBe(0);
        else expect(ofPlane, `${second} s`).toBeGreaterThan(0);
        const worse = links.get('isl:IR-2-2>IR-2-1')!;
        expect(worse).toMatchObject(second >= 60 && second < 540 ? { lossPct: 50, capacityMbps: 1 } : { lossPct: 0, capacityMbps: 10 });
      }
    });

    it('terminals hand over in the tick of the fault, and paths keep clear of the plane', () => {
      expect(run.events('handover').some(({ simTimeMs, attributes }) => simTimeMs === T0 + 180_000 && attributes['from']!.startsWith('IR-3-'))).toBe(true);
      const during = run.samples('oslo-singapore').filter(({ simTimeMs }) => simTimeMs >= T0 + 180_000 && simTimeMs < T0 + 420_000);
      expect(during.some(({ path }) => path)).toBe(true);
      for (const { path } of during) expect(path?.some((node) => node.startsWith('IR-3-')) ?? false).toBe(false);
    });
  });

  describe('ship-atlantic', () => {
    const run = running('ship-atlantic');

    it('the ship has hundreds of handovers, and gateways from New Jersey to Cornwall one after the other', () => {
      expect(run.events('handover').filter(({ nodeId }) => nodeId === 'ship').length).toBeGreaterThan(300);
      const half = (from: number): Map<string, number> => {
        const counts = new Map<string, number>();
        for (const { simTimeMs, path } of run.samples('ship-london')) {
          const day = (simTimeMs - T0) / 86_400_000;
          if (path && day >= from && day < from + 0.5) counts.set(path[2]!, (counts.get(path[2]!) ?? 0) + 1);
        }
        return counts;
      };
      const mainly = (from: number): string => [...half(from)].toSorted((a, b) => b[1] - a[1])[0]![0];
      expect([0, 1.5, 4.5].map(mainly)).toEqual(['newfoundland', 'azores', 'cornwall']);
      expect([...half(0).keys()]).toContain('new-jersey');
      expect([...half(2).keys()]).toContain('ireland');
    });

    it('it really sails: where it is at the start, under way and at the end', async () => {
      const position = async (at: string): Promise<readonly number[]> => {
        const states = JSON.parse(await place.output('ephemeris', file('ship-atlantic'), '--at', at, '--format', 'json')) as Record<string, number>[];
        const { x_km: x, y_km: y, z_km: z, vx_km_s: vx, vy_km_s: vy, vz_km_s: vz } = states.find(({ id }) => (id as unknown) === 'ship')!;
        return [(Math.atan2(y!, x!) * 180) / Math.PI, (Math.atan2(z!, Math.hypot(x!, y!)) * 180) / Math.PI, Math.hypot(vx!, vy!, vz!) * 1000];
      };
      // Geocentric latitudes, up to 0.2° lower. From Bishop Rock to Southampton in 6 h: 400 km, 18 m/s.
      expect(await position('2026-11-20T00:00:00Z')).toEqual([expect.closeTo(-73.8, 3), expect.closeTo(40.26, 1), 0]);
      const [longitude, latitude, speed] = (await position('2026-11-24T19:00:00Z')) as [number, number, number];
      expect([longitude, latitude]).toEqual([expect.closeTo(-3.85, 0), expect.closeTo(50.05, 0)]);
      expect(speed).toBeCloseTo(18, -1);
      expect((await position('2026-11-24T23:00:00Z'))[2]).toBe(0);
    });
  });

  describe('one-satellite-a-plane', () => {
    const run = running('one-satellite-a-plane');

    it('+Grid is a ring across the planes: two neighbours each, none of them oneself', () => {
      const { links } = run.states().next().value as { links: ReadonlyMap<string, Link> };
      const neighbours = new Map<string, Set<string>>();
      for (const linkId of links.keys()) {
        if (!linkId.startsWith('isl:')) continue;
        const [a, b] = linkId.slice(4).split('>') as [string, string];
        neighbours.set(a, (neighbours.get(a) ?? new Set()).add(b));
      }
      expect(neighbours.size).toBe(6);
      for (const [id, others] of neighbours) {
        expect(others.size).toBe(2);
        expect([...others]).not.toContain(id);
      }
    });

    it('coverage has gaps, and the flows are up when there is a way', async () => {
      const { availability } = run.flow('madrid-tokyo');
      expect(availability).toBeGreaterThan(0.1);
      expect(availability).toBeLessThan(0.9);
      const rows = JSON.parse(await place.output('coverage', file('one-satellite-a-plane'), '--format', 'json')) as { gaps: number; covered_pct: number }[];
      for (const { gaps, covered_pct: covered } of rows) {
        expect(gaps).toBeGreaterThan(0);
        expect(covered).toBeGreaterThan(10);
      }
    });

    it.each([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
      [3, 1],
    ])('%i planes of %i run as well, with every pattern', async (planes, perPlane) => {
      for (const pattern of ['plus_grid', 'nearest', 'none']) {
        const sizes = ['--set', `constellation[0].walker.planes=${planes}`, '--set', `constellation[0].walker.per_plane=${perPlane}`];
        const small = await place.run(file('one-satellite-a-plane'), ...sizes, '--set', `links.isl.pattern=${pattern}`, '--set', 'time.duration=2m');
        expect([small.outcome, small.ticks]).toEqual(['completed', 12]);
      }
    });
  });
});
