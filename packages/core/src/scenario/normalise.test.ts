import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScenarioInputDocument } from '../contract/scenario.js';
import { faultLines, loadFiles } from './load-files.test-helper.js';
import { formatScenario } from './normalise.js';

const optional = { requiredKeys: [] as never[], noNullPrototype: true };
const number = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value || 0);
const id = (prefix: string) => fc.stringMatching(/^[A-Za-z0-9._-]{0,6}$/).map((text) => prefix + text);
const duration = fc.tuple(fc.integer({ min: 1, max: 500 }), fc.constantFrom('ms', 's', 'm', 'h', 'd')).map(([n, unit]) => `${n}${unit}`);
const text = fc.oneof(fc.string({ minLength: 1, unit: 'grapheme' }), fc.constantFrom('${HOME}', '$${X:-y}', '42', 'null', '.nan', '*a', '# x', '${'));
const uniqueById = <Item extends { id: string }>(item: fc.Arbitrary<Item>, size = {}) =>
  fc.uniqueArray(item, { maxLength: 4, selector: (each) => each.id, ...size });

const walker = fc.record(
  {
    name: id('W'),
    pattern: fc.constantFrom('star', 'delta'),
    planes: fc.integer({ min: 4, max: 80 }),
    per_plane: fc.integer({ min: 1, max: 60 }),
    altitude_km: number(100, 2000),
    inclination_deg: number(0, 180),
    phasing: fc.integer({ min: 0, max: 3 }),
    raan_spread_deg: number(1, 360),
  },
  { requiredKeys: ['name', 'planes', 'per_plane', 'altitude_km', 'inclination_deg'], noNullPrototype: true },
);
const elements = fc.record(
  {
    file: text,
    select: fc.record({ name: text, catalog: fc.array(fc.integer({ min: 1 })), altitude_km: fc.constant([1, 2]) }, optional),
    limit: fc.integer({ min: 1 }),
  },
  { requiredKeys: ['file'], noNullPrototype: true },
);
const constellation = fc
  .uniqueArray(walker, { maxLength: 3, selector: ({ name }) => name })
  .chain((shells) =>
    fc.array(elements, { maxLength: 2 }).map((files) => [...shells.map((shell) => ({ walker: shell })), ...files.map((file) => ({ elements: file }))]),
  );
const site = fc.record(
  {
    id: id('g'),
    lat: number(-90, 90),
    lon: number(-180, 360),
    alt_m: number(-500, 9000),
    role: fc.constantFrom('ground_station', 'user_terminal'),
    relay: fc.boolean(),
  },
  { requiredKeys: ['id', 'lat', 'lon'], noNullPrototype: true },
);
const flowOf = (kind: string, requiredKeys: readonly ('id' | 'from' | 'to' | 'kind')[], own: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record(
    {
      id: id('f'),
      from: id('a'),
      to: id('b'),
      kind: fc.constant(kind),
      stop: fc.constant('1ms'),
      packet_bytes: fc.integer({ min: 128, max: 65_535 }),
      dscp: fc.integer({ min: 0, max: 63 }),
      ...own,
    },
    { requiredKeys: [...requiredKeys], noNullPrototype: true },
  );
const flow = fc.oneof(
  flowOf('ping', ['id', 'from', 'to'], { every: duration }),
  flowOf('udp', ['id', 'from', 'to', 'kind'], { rate_mbps: number(0.001, 1000), pattern: fc.constantFrom('constant', 'poisson') }),
  flowOf('tcp', ['id', 'from', 'to', 'kind'], { rate_mbps: number(0.001, 1000), congestion: text }),
);
const links = fc.record(
  {
    isl: fc.record({ pattern: fc.constantFrom('plus_grid', 'nearest', 'none'), seam: fc.boolean(), max_range_km: number(1, 1e5) }, optional),
    gsl: fc.record({ min_elevation_deg: number(0, 90), loss_pct: number(0, 100) }, optional),
    thresholds: fc.record({ delay_ms: number(0, 1) }, optional),
  },
  optional,
);
const json = fc.dictionary(
  fc.string().filter((key) => key !== '__proto__'),
  fc.jsonValue({ maxDepth: 3 }).filter((value) => !JSON.stringify(value).includes('__proto__')),
  { noNullPrototype: true },
);

const scenario = fc.record(
  {
    name: id('n'),
    seed: fc.nat(),
    time: fc.record(
      { t0: fc.constant('2026-11-20T00:00Z'), duration, dt: duration, mode: fc.constantFrom('offline', 'realtime') },
      { requiredKeys: ['t0', 'duration'], noNullPrototype: true },
    ),
    paths: fc.record({ artifacts_root: text }, optional),
    execution: fc.record({ strict_reproducible: fc.boolean(), queue_limit: fc.integer({ min: 1, max: 99 }) }, optional),
    constellation,
    ground: uniqueById(site, { minLength: 1 }),
    links,
    terminals: fc.dictionary(id('t'), fc.record({ eirp_dbw: number(-50, 90), antennas: fc.integer({ min: 1 }) }, optional), { noNullPrototype: true }),
    traffic: uniqueById(flow),
    mininet: json,
    exporters: json,
  },
  { requiredKeys: ['name', 'time', 'ground'], noNullPrototype: true },
) as fc.Arbitrary<ScenarioInputDocument>;

describe('the normalised scenario', () => {
  it('loads without faults to itself, whatever texts are in it', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const first = await loadFiles({ 'given.json': formatScenario(given as never) });
        expect(faultLines(first)).toEqual([]);
        const again = await loadFiles({ 'normalised.json': formatScenario(first.scenario!) }, { env: { HOME: '/root' } });
        expect(faultLines(again)).toEqual([]);
        expect(again.scenario).toEqual(first.scenario);
        expect(formatScenario(again.scenario!)).toBe(formatScenario(first.scenario!));
      }),
      { numRuns: 100 },
    );
  });

  it('keeps what the file says', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async (given) => {
        const { duration: _, ...time } = given.time;
        const { scenario: loaded } = await loadFiles({ 'given.json': formatScenario(given as never) });
        // By way of JSON, which knows no -0.
        expect(loaded).toMatchObject(JSON.parse(JSON.stringify({ ...given, time })) as object);
      }),
      { numRuns: 50 },
    );
  });
});
