import { z } from 'zod';
import { fault, weather } from './scenario-conditions.js';
import { duration, durationMs, instant, nodeIdSchema } from './scenario-fields.js';
import { constellationItem, groundItem, links, terminal, thresholds } from './scenario-network.js';
import { assertion } from './scenario-assertions.js';
import { flow, type FlowDemand, flowDemand } from './scenario-traffic.js';
import type { FieldPath } from './tick-source.js';

export { durationMs, nodeIdSchema, flowDemand, type FlowDemand };

/**
 * The scenario file: one schema that is also the types and the JSON Schema. Parsing fills defaults and changes nothing
 * else, so that a normalised scenario is itself a scenario file. Keys that only a lane knows (its block) are left to the
 * lane's own schema.
 */

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
  record_pcap: z.boolean().default(false).describe('Lanes that carry packets write those of the ground nodes into pcap files'),
  on_lane_failure: z.enum(['stop', 'continue']).default('stop').describe('End the run, or go on with the others'),
  on_late_tick: z.enum(['wait', 'skip']).default('wait').describe('Realtime: deliver every tick however late, or skip those whose time is over'),
  queue_limit: z.int().positive().default(16).describe('Ticks that may wait for a lane or exporter'),
  drain_on_stop: z.boolean().default(true).describe('On stop: let lanes finish what is queued'),
});

const selector = z.strictObject({
  link_types: z
    .array(z.enum(['isl', 'gsl', 'terrestrial']))
    .optional()
    .describe('Links of these types'),
  node_ids: z.array(nodeIdSchema).optional().describe('Links with one of these ends'),
  all_links: z.boolean().optional().describe('All there are'),
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
  selector_defaults: selector.optional().describe('Which links the engine is asked for; the link types declared without it'),
  thresholds_defaults: thresholds.optional().describe('As links.thresholds, which wins'),
  scenario_spec: z.record(z.string(), z.unknown()).optional().describe("The engine's ScenarioSpec 1:1 (protobuf JSON), instead of the shorthand"),
});

const ticks = z.strictObject({
  trace: z.string().min(1).optional().describe('Recorded ticks instead of an engine: a run, by its folder or id, or a trace file'),
  source: z.string().min(1).optional().describe('The tick source, a plugin, that ticks come from instead of the Geo/RF engine'),
  config: z.record(z.string(), z.unknown()).optional().describe("The tick source's own options"),
});

/** The keys that core knows; every other top-level key is the block of a lane. */
export const scenarioSchema = z.looseObject({
  // It is a part of the run directory's name, which file systems limit to 255 bytes.
  name: nodeIdSchema.max(100).describe('Becomes part of the run id'),
  seed: z.int().nonnegative().default(0).describe('Of everything random'),
  time: time.describe('When the run is, and in what steps'),
  execution: execution.prefault({}).describe('How the run goes'),
  paths: z
    .strictObject({ artifacts_root: z.string().min(1).default('./artifacts/runs').describe('Where run directories are made') })
    .prefault({})
    .describe('Places on this machine'),
  constellation: z.array(constellationItem).optional().describe('Satellites: shells and element files'),
  ground: z.array(groundItem).optional().describe('Sites, moving terminals, files of sites, cities'),
  terminals: z.record(z.string(), terminal).optional().describe('Radio profiles by role (satellite, ground_station, user_terminal) or node id'),
  links: links.optional().describe('How links come about'),
  weather: z.array(weather).optional().describe('Of ground nodes, one entry each'),
  faults: z.array(fault).optional().describe('What fails when; every lane sees the same'),
  traffic: z.array(flow).default([]).describe('Flows between nodes'),
  assertions: z.array(assertion).default([]).describe('What must hold at the end of the run'),
  ticks: ticks.optional().describe('Where ticks come from instead of the Geo/RF engine'),
  geomrf: geomrf.prefault({}).describe('The Geo/RF engine'),
  lanes: z.array(z.string().min(1)).optional().describe('Lanes of the run'),
  exporters: z.record(z.string(), z.unknown()).default({ jsonl: {} }).describe('By exporter: its own options'),
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

/** Keys that the file format fixes and this version does not implement yet: using one is an error that names it. */
export const NOT_YET_IMPLEMENTED: readonly { readonly key: string; readonly where: (scenario: Scenario) => readonly FieldPath[] }[] = [];
