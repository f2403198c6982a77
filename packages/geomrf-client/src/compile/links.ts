import type { MessageInitShape } from '@bufbuild/protobuf';
import { durationMs, scenarioSchema } from '@satsim/core';
import type { FieldPath, Scenario } from '@satsim/core';
import { IslPattern, SelectionPolicy } from '@satsim/geomrf-proto';
import type { AdaptationPolicySchema, GslPolicySchema, IslPolicySchema, TerminalSchema, TerrestrialLinkSchema } from '@satsim/geomrf-proto';
import type { CompileContext } from './compile-context.js';
import { durationOf } from './duration-of.js';
import { hertz } from './hertz.js';
import type { NodeList } from './node-list.js';

type Links = NonNullable<Scenario['links']>;
type Isl = NonNullable<Links['isl']>;
type Gsl = NonNullable<Links['gsl']>;

const schemas = scenarioSchema.shape.links.unwrap().shape;
/** What an empty block means: the schema of the file is the one place that knows. */
const ISL_DEFAULTS: Isl = schemas.isl.unwrap().parse({});
const GSL_DEFAULTS: Gsl = schemas.gsl.unwrap().parse({});

const PATTERNS: Readonly<Record<Isl['pattern'], IslPattern>> = {
  plus_grid: IslPattern.PLUS_GRID,
  nearest: IslPattern.NEAREST,
  explicit: IslPattern.EXPLICIT,
  none: IslPattern.ISL_NONE,
};

const POLICIES: Readonly<Record<Gsl['policy'], SelectionPolicy>> = {
  all_visible: SelectionPolicy.ALL_VISIBLE,
  max_elevation: SelectionPolicy.MAX_ELEVATION,
  longest_visible: SelectionPolicy.LONGEST_VISIBLE,
  max_snr: SelectionPolicy.MAX_SNR,
  least_loaded: SelectionPolicy.LEAST_LOADED,
  scheduled: SelectionPolicy.SCHEDULED,
};

const SCHEDULE_DEFAULTS = schemas.gsl.unwrap().shape.schedule.unwrap().parse({});
/** No margin, no hysteresis, and the engine's DVB-S2X table. */
const ADAPTATION_DEFAULTS = schemas.adaptation.unwrap().parse({});
const NEAREST_NEIGHBORS = 4;
const LASER_MBPS = 10_000;

/** Without `links.isl`, several satellites form a +Grid and a single one has nobody to link to. */
export function compileIsl(links: Links, nodes: NodeList, context: CompileContext): MessageInitShape<typeof IslPolicySchema> {
  const several = nodes.nodes.filter((node) => node.role === 'satellite').length > 1;
  const isl: Isl = links.isl ?? { ...ISL_DEFAULTS, pattern: several ? 'plus_grid' : 'none' };
  const seen = new Set<string>();
  isl.pairs?.forEach((pair, index) => {
    checkOnce(pair, seen, ['links', 'isl', 'pairs', index], context);
    pair.forEach((id, end) => {
      const path = ['links', 'isl', 'pairs', index, end];
      const node = nodes.resolve(path, id);
      if (node !== undefined && node.role !== 'satellite') context.fault(path, `${id} is no satellite`, 'links of ground nodes are links.terrestrial');
    });
  });
  return {
    pattern: PATTERNS[isl.pattern],
    neighbors: isl.pattern === 'nearest' ? (isl.neighbors ?? NEAREST_NEIGHBORS) : 0,
    pairs: isl.pattern === 'explicit' ? (isl.pairs ?? []).map(([a, b]) => ({ a, b })) : [],
    maxRangeM: (isl.max_range_km ?? 0) * 1e3,
    minAltitudeM: isl.min_altitude_km * 1e3,
    ...(isl.polar_cutoff_lat_deg === undefined ? {} : { polarCutoffLatDeg: isl.polar_cutoff_lat_deg }),
    seam: isl.seam,
    ...(isl.budget === undefined ? { capacityBps: (isl.capacity_mbps ?? LASER_MBPS) * 1e6 } : { terminal: islTerminal(isl.budget) }),
    processingDelayS: isl.processing_delay_ms / 1e3,
  };
}

function islTerminal(budget: NonNullable<Isl['budget']>): MessageInitShape<typeof TerminalSchema> {
  return {
    eirpDbw: budget.eirp_dbw,
    gOverTDbPerK: budget.g_over_t_db_per_k,
    frequencyHz: hertz(budget.frequency_ghz, 1e9),
    bandwidthHz: hertz(budget.bandwidth_mhz, 1e6),
  };
}

export function compileGsl(links: Links): MessageInitShape<typeof GslPolicySchema> {
  const gsl = links.gsl ?? GSL_DEFAULTS;
  const { period, offset } = gsl.schedule ?? SCHEDULE_DEFAULTS;
  return {
    selection: POLICIES[gsl.policy],
    minElevationDeg: gsl.min_elevation_deg,
    hysteresisDeg: gsl.hysteresis_deg,
    processingDelayS: gsl.processing_delay_ms / 1e3,
    ...(gsl.policy === 'scheduled' ? { schedulePeriod: durationOf(period), scheduleOffset: durationOf(offset) } : {}),
    handoverOutageS: durationMs(gsl.handover_outage) / 1e3,
    gases: gsl.gases,
    ...(gsl.capacity_mbps === undefined ? {} : { fixedCapacityBps: gsl.capacity_mbps * 1e6 }),
    ...(gsl.loss_pct === undefined ? {} : { fixedLossRate: gsl.loss_pct / 100 }),
  };
}

/** The network is looked at once a tick, so a link is down for whole ticks: says how long, where that is not what was asked for. */
export function outageInTicks({ gsl }: Links, dtMs: number): string | null {
  const { handover_outage: asked } = gsl ?? GSL_DEFAULTS;
  const ticks = Math.ceil(durationMs(asked) / dtMs);
  return ticks * dtMs === durationMs(asked)
    ? null
    : `links.gsl.handover_outage: ${asked} is no multiple of time.dt, so a link is down for ${(ticks * dtMs) / 1000} s after a handover`;
}

export function compileAdaptation({ adaptation = ADAPTATION_DEFAULTS }: Links, context: CompileContext): MessageInitShape<typeof AdaptationPolicySchema> {
  const names = new Set<string>();
  adaptation.modcods?.forEach(({ name }, index) => {
    if (names.has(name)) context.fault(['links', 'adaptation', 'modcods', index, 'name'], `${name} is the name of another MODCOD already`);
    names.add(name);
  });
  return {
    modcods: (adaptation.modcods ?? []).map((modcod) => ({
      name: modcod.name,
      minSnrDb: modcod.min_snr_db,
      spectralEfficiency: modcod.spectral_efficiency,
    })),
    marginDb: adaptation.margin_db,
    hysteresisDb: adaptation.hysteresis_db,
  };
}

/** Lines between ground nodes; a pair may have one. */
export function compileTerrestrial(links: Links, nodes: NodeList, context: CompileContext): MessageInitShape<typeof TerrestrialLinkSchema>[] {
  const seen = new Set<string>();
  return (links.terrestrial ?? []).map((line, index) => {
    const path = ['links', 'terrestrial', index];
    for (const end of ['a', 'b'] as const) {
      const node = nodes.resolve([...path, end], line[end]);
      if (node?.role === 'satellite') context.fault([...path, end], `${line[end]} is a satellite`, 'links between satellites are links.isl');
    }
    checkOnce([line.a, line.b], seen, path, context);
    return { a: line.a, b: line.b, oneWayDelayS: line.delay_ms / 1e3, capacityBps: line.capacity_mbps * 1e6, lossRate: line.loss_pct / 100 };
  });
}

function checkOnce([a, b]: readonly [string, string], seen: Set<string>, path: FieldPath, context: CompileContext): void {
  const pair = [a, b].sort().join('>');
  if (seen.has(pair)) context.fault(path, `${a} and ${b} are linked already`);
  seen.add(pair);
}
