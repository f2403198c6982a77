import { z } from 'zod';
import type { FieldPath } from './tick-source.js';

/**
 * The scenario file: one schema that is also the types and the JSON Schema. Parsing fills defaults and changes nothing
 * else, so that a normalised scenario is itself a scenario file. Keys that only a lane knows (its block) are left to the
 * lane's own schema.
 */

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const DURATION_UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of a duration such as `100ms`, `1s`, `10m`, `6h`, `1d`. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  if (!match) throw new RangeError(`not a duration: ${text}`);
  // Rounded at a nanosecond: 0.1 s is 100 ms, whatever binary fractions say.
  return Math.round(Number(match[1]) * DURATION_UNIT_MS[match[2] as keyof typeof DURATION_UNIT_MS] * 1e6) / 1e6;
}

const ISO_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|\+00:00)$/;

const finite = () => z.number();
const positive = () => finite().positive();
const nonNegative = () => finite().nonnegative();
const count = () => z.int().nonnegative();
export const nodeIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'an id starts with a letter or digit and goes on with letters, digits, `.`, `_`, `-`');
/** What a duration may be at most: its milliseconds stay exact integers of a double. */
const LONGEST = '100000000d';
const A_DURATION = 'a duration is a number and a unit: 100ms, 1s, 10m, 6h, 1d';
const duration = () =>
  z
    .string(A_DURATION)
    .regex(DURATION, A_DURATION)
    .refine((text) => !DURATION.test(text) || durationMs(text) <= durationMs(LONGEST), `a duration is at most ${LONGEST}`);
const instant = () =>
  z
    .string()
    .regex(ISO_UTC, 'a time is ISO 8601 in UTC: 2026-11-20T00:00:00Z')
    .refine((text) => !ISO_UTC.test(text) || isOnTheCalendar(text), 'there is no such date');
/** `Date.parse` takes 30 February for 2 March. */
const isOnTheCalendar = (text: string): boolean => {
  const ms = Date.parse(text);
  return Number.isFinite(ms) && new Date(ms).toISOString().slice(0, 16) === text.slice(0, 16);
};
const latitude = () => finite().min(-90).max(90);
const longitude = () => finite().min(-180).max(360);
const range = () => z.tuple([finite(), finite()]).refine(([low, high]) => low <= high, 'a range is [low, high]');
const percent = () => finite().min(0).max(100);

const groundRole = z.enum(['ground_station', 'user_terminal']);

const time = z.strictObject({
  t0: instant().describe('Start, UTC'),
  t1: instant().optional().describe('End, exclusive; or give duration'),
  duration: duration().optional().describe('May stand for t1'),
  dt: duration().default('1s').describe('Tick length, a whole number of milliseconds'),
  mode: z.enum(['offline', 'realtime']).default('offline').describe('As fast as possible, or paced by the wall clock'),
});

const execution = z.strictObject({
  lane_mode: z.string().default('flow').describe('A lane, or parallel for all configured lanes'),
  strict_reproducible: z.boolean().default(false).describe('Refuse statistical lanes, dropping exporters and skipped ticks'),
  record_trace: z.boolean().default(true).describe('Write every tick to traces/; it is hashed in any case'),
  record_pcap: z.boolean().default(false).describe('Ask lanes that carry packets to capture them'),
  on_lane_failure: z.enum(['stop', 'continue']).default('stop'),
  on_late_tick: z.enum(['wait', 'skip']).default('wait').describe('Realtime: deliver every tick however late, or skip those whose time is over'),
  queue_limit: z.int().positive().default(16).describe('Ticks that may wait for a lane or exporter'),
  drain_on_stop: z.boolean().default(true).describe('On stop: let lanes finish what is queued'),
});

/** A zero too many would otherwise end in a lack of memory. */
const MOST_SATELLITES_OF_A_SHELL = 100_000;

const walker = z
  .strictObject({
    name: nodeIdSchema.describe('Satellites are called <name>-<plane>-<slot>, counted from 1'),
    pattern: z.enum(['star', 'delta']).default('delta'),
    planes: z.int().positive().max(MOST_SATELLITES_OF_A_SHELL),
    per_plane: z.int().positive().max(MOST_SATELLITES_OF_A_SHELL),
    altitude_km: finite().min(100).max(400_000),
    inclination_deg: finite().min(0).max(180),
    phasing: count().default(0).describe('Walker F, 0 to planes - 1'),
    raan_spread_deg: positive().max(360).optional().describe('180 for star and 360 for delta by default'),
  })
  .refine(({ planes, per_plane }) => Math.max(planes, per_plane) > MOST_SATELLITES_OF_A_SHELL || planes * per_plane <= MOST_SATELLITES_OF_A_SHELL, {
    message: `a shell has at most ${MOST_SATELLITES_OF_A_SHELL} satellites, planes × per_plane`,
    path: ['per_plane'],
  });

const elements = z.strictObject({
  file: z.string().min(1).describe('OMM (JSON, XML, CSV, KVN), TLE or 3LE'),
  select: z
    .strictObject({
      name: z.string().optional().describe('Pattern with * and ?'),
      catalog: z.array(z.int().positive()).optional().describe('Catalogue numbers'),
      inclination_deg: range().optional(),
      altitude_km: range().optional().describe('Mean altitude above 6378.135 km'),
    })
    .optional(),
  limit: z.int().positive().optional().describe('The first n, after selection'),
});

const constellationItem = z.union([z.strictObject({ walker }), z.strictObject({ elements })]);

const site = z.strictObject({
  id: nodeIdSchema,
  lat: latitude().describe('WGS-84 geodetic latitude, degrees'),
  lon: longitude().describe('Degrees east'),
  alt_m: finite().min(-500).max(100_000).default(0),
  role: groundRole.default('ground_station'),
  relay: z.boolean().default(false).describe('May carry traffic of others'),
});
const movingSite = z.strictObject({
  id: nodeIdSchema,
  role: groundRole.default('user_terminal'),
  relay: z.boolean().default(false),
  waypoints: z.array(z.strictObject({ at: duration(), lat: latitude(), lon: longitude(), alt_m: finite().default(0) })).min(1),
});
const csvSites = z.strictObject({
  csv: z.strictObject({
    file: z.string().min(1),
    columns: z.strictObject({ id: count(), lat: count(), lon: count(), alt_m: count().optional() }).describe('Column numbers from 0'),
    role: groundRole.default('user_terminal'),
    relay: z.boolean().default(false),
    limit: z.int().positive().optional(),
  }),
});
const citySites = z.strictObject({
  cities: z.strictObject({
    top: z.int().positive().describe('The n most populous cities of the world'),
    role: groundRole.default('user_terminal'),
    relay: z.boolean().default(false),
  }),
});
const groundItem = z.union([site, movingSite, csvSites, citySites]);

const terminal = z.strictObject({
  frequency_ghz: positive().optional().describe('Transmit frequency'),
  bandwidth_mhz: positive().optional().describe('Transmit bandwidth'),
  eirp_dbw: finite().optional(),
  g_over_t_db_per_k: finite().optional(),
  antennas: z.int().positive().optional().describe('Satellites that can be served at a time'),
});

const isl = z.strictObject({
  pattern: z.enum(['plus_grid', 'nearest', 'explicit', 'none']).default('plus_grid'),
  neighbors: z.int().positive().optional().describe('nearest: links per satellite, 4 by default'),
  pairs: z
    .array(z.tuple([nodeIdSchema, nodeIdSchema]))
    .optional()
    .describe('explicit: the pairs'),
  max_range_km: positive().optional(),
  min_altitude_km: nonNegative().default(80).describe('Atmosphere that a line of sight must clear'),
  polar_cutoff_lat_deg: finite().min(0).max(90).optional().describe('Links between planes are down beyond this latitude'),
  seam: z.boolean().default(false).describe('Star patterns: link the counter-rotating planes too'),
  capacity_mbps: positive().default(10_000),
  processing_delay_ms: nonNegative().default(0),
});

const gsl = z.strictObject({
  min_elevation_deg: finite().min(0).max(90).default(10),
  policy: z.enum(['all_visible', 'max_elevation', 'longest_visible', 'max_snr', 'least_loaded', 'scheduled']).default('max_elevation'),
  hysteresis_deg: nonNegative().default(0).describe('Elevation by which another satellite must be better'),
  processing_delay_ms: nonNegative().default(0),
  capacity_mbps: positive().optional().describe('Fixed, instead of the link budget'),
  loss_pct: percent().optional().describe('Fixed, instead of the link budget'),
});

const thresholds = z.strictObject({
  delay_ms: nonNegative().optional().describe('A link is sent again when it differs by more; 0.01 by default'),
  capacity_mbps: nonNegative().optional().describe('0.1 by default'),
  loss_pct: nonNegative().optional().describe('0.01 by default'),
});

const adaptation = z.strictObject({
  modcods: z
    .array(z.strictObject({ name: z.string().min(1), min_snr_db: finite(), spectral_efficiency: positive() }))
    .min(1)
    .optional()
    .describe('Instead of the DVB-S2X table; spectral efficiency in bit/s per Hz'),
  margin_db: nonNegative().optional(),
  hysteresis_db: nonNegative().optional(),
});

const terrestrial = z.strictObject({
  a: nodeIdSchema,
  b: nodeIdSchema,
  delay_ms: nonNegative(),
  capacity_mbps: positive().default(1_000),
  loss_pct: percent().default(0),
});

const links = z.strictObject({
  isl: isl.optional(),
  gsl: gsl.optional(),
  adaptation: adaptation.optional(),
  thresholds: thresholds.optional(),
  terrestrial: z.array(terrestrial).optional(),
});

const fault = z.strictObject({
  at: duration(),
  for: duration().optional(),
  node: nodeIdSchema.optional(),
  link: z.tuple([nodeIdSchema, nodeIdSchema]).optional(),
  effect: z.strictObject({ loss_pct: percent().optional(), capacity_mbps: nonNegative().optional(), delay_ms: nonNegative().optional() }).optional(),
});

const flow = z.strictObject({
  id: nodeIdSchema,
  from: nodeIdSchema,
  to: nodeIdSchema,
  kind: z.enum(['ping', 'udp', 'tcp']).default('ping'),
  every: duration().optional().describe('ping: interval, one tick by default'),
  start: duration().optional().describe('After t0'),
  stop: duration().optional().describe('After t0'),
  rate_mbps: positive().optional().describe('udp: offered; tcp: limit'),
  packet_bytes: z.int().min(28).max(65_535).optional(),
  congestion: z.string().min(1).optional().describe('tcp: congestion control'),
});

const assertion = z.strictObject({
  flow: nodeIdSchema,
  quantity: z.enum(['rtt_ms.min', 'rtt_ms.median', 'rtt_ms.p99', 'rtt_ms.max', 'availability', 'path_changes']).describe('Of the whole run'),
  op: z.enum(['<', '<=', '>', '>=', '==']),
  value: finite(),
  lane: z.string().optional(),
});

const selector = z.strictObject({
  link_types: z.array(z.enum(['isl', 'gsl', 'terrestrial'])).optional(),
  node_ids: z.array(nodeIdSchema).optional(),
  all_links: z.boolean().optional(),
});

const tls = z.strictObject({
  ca_file: z.string().min(1).optional().describe('PEM: trusted instead of what this machine trusts'),
  cert_file: z.string().min(1).optional().describe('PEM: our own certificate, for an engine that asks for one'),
  key_file: z.string().min(1).optional().describe('PEM: the key of cert_file'),
  server_name: z.string().min(1).optional().describe("Name in the engine's certificate, where it is not that of grpc_target"),
});

const geomrf = z.strictObject({
  grpc_target: z.string().min(1).optional().describe('host:port or unix:path of an external engine; the embedded one without it'),
  tls: z
    .union([z.literal(true), tls])
    .optional()
    .describe('An encrypted connection to grpc_target; `true` trusts what this machine trusts'),
  token_file: z.string().min(1).optional().describe('The token that the engine at grpc_target asks for is the content of this file'),
  request_dt: duration().optional().describe('Equals time.dt'),
  selector_defaults: selector.optional(),
  thresholds_defaults: thresholds.optional(),
  scenario_spec: z.record(z.string(), z.unknown()).optional().describe("The engine's ScenarioSpec 1:1 (protobuf JSON), instead of the shorthand"),
});

const ticks = z.strictObject({
  trace: z.string().min(1).optional().describe('Recorded ticks instead of an engine'),
  source: z.string().min(1).optional().describe('The tick source, a plugin, that ticks come from instead of the Geo/RF engine'),
  config: z.record(z.string(), z.unknown()).optional().describe("The tick source's own options"),
});

/** The keys that core knows; every other top-level key is the block of a lane. */
export const scenarioSchema = z.looseObject({
  // It is a part of the run directory's name, which file systems limit to 255 bytes.
  name: nodeIdSchema.max(100),
  seed: z.int().nonnegative().default(0),
  time,
  execution: execution.prefault({}),
  paths: z.strictObject({ artifacts_root: z.string().min(1).default('./artifacts/runs') }).prefault({}),
  constellation: z.array(constellationItem).optional(),
  ground: z.array(groundItem).optional(),
  terminals: z.record(z.string(), terminal).optional().describe('Radio profiles by role (satellite, ground_station, user_terminal) or node id'),
  links: links.optional(),
  weather: z.array(z.strictObject({ site: nodeIdSchema, rain_mm_per_h: nonNegative() })).optional(),
  faults: z.array(fault).optional(),
  traffic: z.array(flow).default([]),
  assertions: z.array(assertion).default([]),
  ticks: ticks.optional(),
  geomrf: geomrf.prefault({}),
  lanes: z.array(z.string().min(1)).optional(),
  exporters: z.record(z.string(), z.unknown()).default({ jsonl: {} }),
});

/** A scenario with all defaults filled in, keys as in the file. */
export type Scenario = z.output<typeof scenarioSchema>;
/** What a file may say. */
export type ScenarioInputDocument = z.input<typeof scenarioSchema>;
export type Flow = Scenario['traffic'][number];
export type Assertion = Scenario['assertions'][number];
export type ConstellationItem = NonNullable<Scenario['constellation']>[number];
export type GroundItem = NonNullable<Scenario['ground']>[number];
export type TerminalProfile = NonNullable<Scenario['terminals']>[string];

const indices = <Item>(items: readonly Item[] | undefined, test: (item: Item) => boolean): number[] =>
  (items ?? []).flatMap((item, index) => (test(item) ? [index] : []));

/** Keys that the file format fixes and this version does not implement yet: using one is an error that names it. */
export const NOT_YET_IMPLEMENTED: readonly { readonly key: string; readonly where: (scenario: Scenario) => readonly FieldPath[] }[] = [
  { key: 'weather', where: (s) => ((s.weather?.length ?? 0) > 0 ? [['weather']] : []) },
  { key: 'faults', where: (s) => ((s.faults?.length ?? 0) > 0 ? [['faults']] : []) },
  { key: 'ticks.trace', where: (s) => (s.ticks?.trace === undefined ? [] : [['ticks', 'trace']]) },
  { key: 'links.gsl.policy: scheduled', where: (s) => (s.links?.gsl?.policy === 'scheduled' ? [['links', 'gsl', 'policy']] : []) },
  { key: 'execution.record_pcap', where: (s) => (s.execution.record_pcap ? [['execution', 'record_pcap']] : []) },
  { key: 'ground[].waypoints', where: (s) => indices(s.ground, (item) => 'waypoints' in item).map((index) => ['ground', index, 'waypoints']) },
];
