// What users of other simulators of satellite networks asked for, each as a test of its own.
import { afterAll, describe, expect, it } from 'vitest';
import { LinkTable } from '@satsim/core';
import { workplace } from '../e2e/satsim.js';
import { ticksOf } from '../e2e/trace.js';

const place = workplace();
afterAll(place.remove);

const ISS = `ISS (ZARYA)
1 25544U 98067A   24295.50000000  .00016717  00000-0  30270-3 0  9994
2 25544  51.6400 120.0000 0006000  60.0000 300.0000 15.50000000 10008
`;

it('Hypatia #13, #24; StarryNet #15: constellations, elements and end points of one’s own, in one file', async () => {
  place.write('station.tle', ISS);
  place.write('offices.csv', 'office,latitude,longitude\nNorth office,52.5,13.4\nSouth office,-33.9,18.4\n');
  const file = place.write(
    'own.satsim.yaml',
    `
name: own
time: { t0: "2024-10-21T12:00:00Z", duration: 20s, dt: 1s }
constellation:
  - { walker: { name: OWN, pattern: star, planes: 7, per_plane: 11, altitude_km: 900, inclination_deg: 87, phasing: 3 } }
  - { elements: { file: station.tle } }
ground: [ { csv: { file: offices.csv, columns: { id: 0, lat: 1, lon: 2 } } } ]
links: { isl: { pattern: plus_grid }, gsl: { min_elevation_deg: 5 } }
traffic: [ { id: offices, from: North-office, to: South-office } ]
`,
  );
  const { nodes } = JSON.parse(await place.output('plan', file, '--format', 'json')) as { nodes: Record<string, number> };
  expect(Object.values(nodes).reduce((sum, each) => sum + each, 0)).toBe(7 * 11 + 1 + 2);
  const { flows } = await place.run(file);
  expect(flows).toMatchObject([{ id: 'offices', availability: 1 }]);
  // 9,660 km on the great circle: nothing is faster than light, and a +Grid is no more than twice as long.
  expect(flows[0]!.rttMs.min).toBeGreaterThan((2 * 9660) / 299.792458);
  expect(flows[0]!.rttMs.max).toBeLessThan((4 * 9660) / 299.792458);
});

describe('Hypatia #23; StarryNet #16: who serves whom, and when it changes, by choice', () => {
  const served = async (policy: string): Promise<readonly string[]> => {
    const file = place.write(
      `${policy}.satsim.yaml`,
      `
name: policies
time: { t0: "2026-11-20T00:00:00Z", duration: 8m, dt: 5s }
constellation: [ { walker: { name: W, pattern: delta, planes: 24, per_plane: 24, altitude_km: 550, inclination_deg: 53, phasing: 7 } } ]
ground: [ { id: site, lat: 48, lon: 11 } ]
links: { isl: { pattern: none }, gsl: { policy: ${policy}, min_elevation_deg: 25 } }
`,
    );
    const table = new LinkTable();
    return (await ticksOf((await place.run(file)).runDir)).map((tick) => {
      table.apply(tick);
      return [...table.values()]
        .filter(({ source, up }) => source === 'site' && up)
        .map(({ target }) => target)
        .join();
    });
  };
  const changes = (by: readonly string[]): number => by.filter((name, k) => k > 0 && name !== by[k - 1]).length;

  it('the highest, the longest visible and a schedule every 15 s choose differently', async () => {
    const [highest, longest, scheduled] = await Promise.all(['max_elevation', 'longest_visible', 'scheduled'].map(served));
    expect(new Set([highest, longest, scheduled].map((each) => each!.join(' '))).size).toBe(3);
    expect(changes(longest!)).toBeLessThan(changes(highest!));
    // At 12, 27, 42 and 57 s of the minute: at the next tick of 5 s.
    const at = scheduled!.flatMap((name, k) => (k > 0 && name !== scheduled![k - 1] && name !== '' ? [(5 * k) % 15] : []));
    expect(at.length).toBeGreaterThan(2);
    expect(new Set(at)).toEqual(new Set([0]));
  });
});

it('StarryNet #21: a link’s bandwidth changes while the run goes on, and nothing else of it', async () => {
  const file = place.write(
    'bandwidth.satsim.yaml',
    `
name: bandwidth
time: { t0: "2026-11-20T00:00:00Z", duration: 6s, dt: 1s }
ground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 0, lon: 1 }, { id: c, lat: 0, lon: 2 } ]
links: { terrestrial: [ { a: a, b: b, delay_ms: 3, capacity_mbps: 50, loss_pct: 1 }, { a: b, b: c, delay_ms: 3, capacity_mbps: 50, loss_pct: 1 } ] }
faults: [ { at: 2s, for: 2s, link: [a, b], effect: { capacity_mbps: 7 } } ]
`,
  );
  const table = new LinkTable();
  const states = (await ticksOf((await place.run(file)).runDir)).map((tick) => {
    table.apply(tick);
    return ['terrestrial:a>b', 'terrestrial:b>a', 'terrestrial:b>c'].map((id) => table.get(id)!);
  });
  expect(states.map((links) => links.map(({ capacityMbps }) => capacityMbps))).toEqual(
    [0, 1, 2, 3, 4, 5].map((k) => (k === 2 || k === 3 ? [7, 7, 50] : [50, 50, 50])),
  );
  for (const link of states.flat()) expect(link).toMatchObject({ up: true, oneWayDelayMs: 3, lossPct: 1 });
});

it('netlab #3004, Kathará #292: status for machines on stdout and the right exit code, when it fails too', async () => {
  const good = `name: codes\ntime: { t0: "2026-11-20T00:00:00Z", duration: 3s, dt: 1s }\nground: [ { id: a, lat: 0, lon: 0 }, { id: b, lat: 0, lon: 1 } ]
links: { terrestrial: [ { a: a, b: b, delay_ms: 3, capacity_mbps: 50 } ] }\ntraffic: [ { id: flow, from: a, to: b } ]\n`;
  const endings = {
    good: [good, 0, null],
    unmet: [`${good}assertions: [ { flow: flow, quantity: rtt_ms.max, op: "<", value: 1 } ]\n`, 4, 'ASSERTION_FAILED'],
    invalid: [good.replace('lat: 0, lon: 1', 'lat: 95, lon: 1'), 2, 'SCENARIO_INVALID'],
  } as const;
  for (const [name, [text, code, error]] of Object.entries(endings)) {
    const { stdout, exitCode } = await place.satsim('run', place.write(`${name}.satsim.yaml`, text), '--format', 'json');
    const status = JSON.parse(stdout) as { error: { code: string } | null };
    expect([name, exitCode, status.error?.code ?? null]).toEqual([name, code, error]);
  }
});
