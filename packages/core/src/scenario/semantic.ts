import { NOT_YET_IMPLEMENTED, type Scenario } from '../contract/scenario.js';
import type { FieldPath } from '../contract/tick-source.js';
import type { Finding } from './located.js';
import { hasSpec } from './normalise.js';
import { conditionFindings } from './semantic-conditions.js';
import { timeFindings } from './semantic-time.js';
import { trafficFindings } from './semantic-traffic.js';

/** Whether a field, what is in it and what it is in came through the schema without a fault. */
export type Sound = (...path: FieldPath) => boolean;

/**
 * What the schema can't see: how fields of a scenario fit together. References to nodes are not checked here but by the
 * tick source, which alone knows all nodes; lanes and exporters are checked when the run is planned.
 */
export function semanticFindings(scenario: Scenario, sound: Sound): Finding[] {
  return [
    ...timeFindings(scenario, sound),
    ...networkFindings(scenario, sound),
    ...uniqueFindings(scenario),
    ...constellationFindings(scenario),
    ...linkFindings(scenario),
    ...conditionFindings(scenario, sound),
    ...sourceFindings(scenario),
    ...trafficFindings(scenario, sound),
    ...NOT_YET_IMPLEMENTED.flatMap(({ key, where }) =>
      where(scenario).map((path) => ({ path, message: `\`${key}\` is not implemented in this version of satsim` })),
    ),
  ];
}

/** Fields that are fine, but do nothing. */
export function idleFields(scenario: Scenario): Finding[] {
  return [...idleIslFields(scenario), ...idleGslFields(scenario), ...idleEngineFields(scenario), ...idleReplayFields(scenario)];
}

function idleReplayFields({ ticks }: Scenario): Finding[] {
  if (ticks?.trace === undefined || ticks.config === undefined) return [];
  return [{ path: ['ticks', 'config'], message: 'has no effect with `trace`' }];
}

function idleEngineFields({ geomrf, ticks }: Scenario): Finding[] {
  if (geomrf.grpc_target !== undefined && ticks?.source === undefined) return [];
  const why = geomrf.grpc_target === undefined ? 'without geomrf.grpc_target' : `with the ticks of ${ticks?.source}`;
  return (['tls', 'token_file'] as const).filter((key) => geomrf[key] !== undefined).map((key) => ({ path: ['geomrf', key], message: `has no effect ${why}` }));
}

function idleGslFields({ links, weather = [] }: Scenario): Finding[] {
  const gsl = links?.gsl;
  if (gsl === undefined) return [];
  return [
    ...(gsl.schedule !== undefined && gsl.policy !== 'scheduled'
      ? [{ path: ['links', 'gsl', 'schedule'], message: `has no effect with the policy ${gsl.policy}` }]
      : []),
    ...(weather.length > 0 && gsl.capacity_mbps !== undefined && gsl.policy !== 'max_snr'
      ? [{ path: ['weather'], message: 'has no effect with a fixed links.gsl.capacity_mbps' }]
      : []),
  ];
}

function idleIslFields(scenario: Scenario): Finding[] {
  const isl = scenario.links?.isl;
  if (isl === undefined) return [];
  return [
    ...(isl.neighbors !== undefined && isl.pattern !== 'nearest'
      ? [{ path: ['links', 'isl', 'neighbors'], message: `has no effect with the pattern ${isl.pattern}` }]
      : []),
    ...(isl.pairs !== undefined && isl.pattern !== 'explicit'
      ? [{ path: ['links', 'isl', 'pairs'], message: `has no effect with the pattern ${isl.pattern}` }]
      : []),
  ];
}

const SHORTHAND = ['constellation', 'ground', 'terminals', 'links', 'weather', 'faults'] as const;

function networkFindings(scenario: Scenario, sound: Sound): Finding[] {
  if (hasSpec(scenario)) {
    return SHORTHAND.filter((key) => scenario[key] !== undefined).map((key) => ({
      path: [key],
      message: `\`${key}\` cannot stand beside geomrf.scenario_spec`,
      hint: 'the specification says everything; keep one of the two',
    }));
  }
  const empty = !scenario.constellation?.length && !scenario.ground?.length && scenario.ticks === undefined;
  if (!empty || !sound('constellation') || !sound('ground') || !sound('ticks') || !sound('geomrf', 'scenario_spec')) return [];
  return [
    {
      path: [],
      message: 'there is no network: neither constellation nor ground nor geomrf.scenario_spec',
      hint: 'add satellites as `constellation`, sites as `ground`',
    },
  ];
}

/** The second use of an id is the fault. */
function repeated(ids: readonly { readonly id: string; readonly path: FieldPath; readonly owner: string }[]): Finding[] {
  const owners = new Map<string, string>();
  return ids.flatMap(({ id, path, owner }) => {
    const first = owners.get(id);
    if (first === undefined) owners.set(id, owner);
    return first === undefined ? [] : [{ path, message: `\`${id}\` is already used by ${first}` }];
  });
}

function uniqueFindings(scenario: Scenario): Finding[] {
  const shells = (scenario.constellation ?? []).flatMap((item, index) =>
    'walker' in item ? [{ id: item.walker.name, path: ['constellation', index, 'walker', 'name'], owner: `constellation[${index}]` }] : [],
  );
  const sites = (scenario.ground ?? []).flatMap((item, index) =>
    'id' in item ? [{ id: item.id, path: ['ground', index, 'id'], owner: `ground[${index}]` }] : [],
  );
  const flows = scenario.traffic.map(({ id }, index) => ({ id, path: ['traffic', index, 'id'], owner: `traffic[${index}]` }));
  const weather = (scenario.weather ?? []).map(({ site }, index) => ({ id: site, path: ['weather', index, 'site'], owner: `weather[${index}]` }));
  return [shells, sites, flows, weather].flatMap(repeated);
}

function constellationFindings(scenario: Scenario): Finding[] {
  return (scenario.constellation ?? []).flatMap((item, index) => {
    if (!('walker' in item) || item.walker.phasing < item.walker.planes) return [];
    const { phasing, planes } = item.walker;
    return [{ path: ['constellation', index, 'walker', 'phasing'], message: `must be less than planes (${planes}), found ${phasing}` }];
  });
}

function linkFindings(scenario: Scenario): Finding[] {
  const isl = scenario.links?.isl;
  const pairs = isl?.pairs ?? [];
  const twoEnds = (a: string, b: string, path: FieldPath): Finding[] =>
    a === b ? [{ path, message: `a link needs two different ends, found \`${a}\` twice` }] : [];
  return [
    ...(isl?.pattern === 'explicit' && isl.pairs === undefined
      ? [{ path: ['links', 'isl', 'pairs'], message: 'is missing', hint: 'the pattern explicit needs the pairs: [[a, b], …]' }]
      : []),
    ...pairs.flatMap(([a, b], index) => twoEnds(a, b, ['links', 'isl', 'pairs', index])),
    ...(isl?.budget !== undefined && isl.capacity_mbps !== undefined
      ? [{ path: ['links', 'isl', 'capacity_mbps'], message: 'stands beside budget', hint: 'keep one of the two' }]
      : []),
    ...(scenario.links?.terrestrial ?? []).flatMap(({ a, b }, index) => twoEnds(a, b, ['links', 'terrestrial', index, 'b'])),
  ];
}

function sourceFindings({ ticks, geomrf: { tls } }: Scenario): Finding[] {
  const found: Finding[] = [];
  if (ticks !== undefined && (ticks.trace === undefined) === (ticks.source === undefined))
    found.push({ path: ['ticks'], message: 'needs either `trace` or `source`' });
  if (typeof tls !== 'object') return found;
  for (const [key, other] of [
    ['cert_file', 'key_file'],
    ['key_file', 'cert_file'],
  ] as const) {
    if (tls[key] !== undefined && tls[other] === undefined) found.push({ path: ['geomrf', 'tls', key], message: `needs \`${other}\` beside it` });
  }
  return found;
}
