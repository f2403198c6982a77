/** A metric family, named as OpenMetrics does: without the `_total` of counters and the `_info` of infos. */
export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'info' | 'histogram';
  /** Suffix of the name. */
  readonly unit: 'seconds' | 'ratio' | 'bytes_per_second' | null;
  readonly help: string;
  readonly labels: readonly string[];
  /** The value stays in force until the next point, so that points may be repeated between. */
  readonly holds: boolean;
}
export type Labels = Readonly<Record<string, string>>;

const family = (
  type: Family['type'],
  name: string,
  unit: Family['unit'],
  labels: readonly string[],
  help: string,
  holds = type === 'counter' || type === 'info',
): Family => ({
  name: `satsim_${name}`,
  type,
  unit,
  help,
  labels,
  holds,
});
const OF_A_FLOW = ['flow', 'lane'];

/** Labels are bounded by the scenario: no satellite, link or path is ever one. */
export const FAMILIES = {
  run: family('info', 'run', null, ['run_id', 'scenario', 'seed', 'mode'], 'The run that these metrics are of.'),
  plannedTicks: family('gauge', 'run_planned_ticks', null, [], 'Ticks that the whole run has.', true),
  ticks: family('counter', 'ticks', null, [], 'Ticks delivered.'),
  linkUpdates: family('counter', 'link_updates', null, [], 'Link states delivered.'),
  linkRemovals: family('counter', 'link_removals', null, [], 'Links removed.'),
  linksUp: family('gauge', 'links_up', null, ['kind'], 'Directed links that can carry traffic.', true),
  events: family('counter', 'events', null, ['type'], 'Events of the engine, by type.'),
  flowRtt: family('gauge', 'flow_rtt_seconds', 'seconds', OF_A_FLOW, 'Round-trip time of a flow; NaN while it has none.'),
  flowOneWayDelay: family('gauge', 'flow_one_way_delay_seconds', 'seconds', OF_A_FLOW, 'One-way delay of a flow; NaN while it has none.'),
  flowLoss: family('gauge', 'flow_loss_ratio', 'ratio', OF_A_FLOW, 'Share of packets that a flow loses; 1 in an outage.'),
  flowGoodput: family('gauge', 'flow_goodput_bytes_per_second', 'bytes_per_second', OF_A_FLOW, 'Goodput of a flow; NaN while it has none.'),
  flowHops: family('gauge', 'flow_hops', null, OF_A_FLOW, 'Links on the path of a flow; NaN while it has none.'),
  flowPathChanges: family(
    'counter',
    'flow_path_changes',
    null,
    OF_A_FLOW,
    'Changes of the path of a flow from one sample to the next; coming back after an outage is none.',
  ),
  tickDrift: family('gauge', 'tick_drift_seconds', 'seconds', [], 'How late a tick was against the wall clock; realtime runs only.'),
  tickCompute: family('histogram', 'tick_compute_seconds', 'seconds', [], 'Time the engine took for a tick.'),
  laneApply: family('histogram', 'lane_apply_seconds', 'seconds', ['lane'], 'Time a lane took to bring a tick into force.'),
} as const satisfies Record<string, Family>;

/** Upper bounds in seconds, from what a lane in memory takes to what makes a realtime run late. */
export const BUCKETS_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Name of a family's samples; a histogram's are told by their own suffixes. */
export function sampleName({ name, type }: Family): string {
  return type === 'counter' ? `${name}_total` : type === 'info' ? `${name}_info` : name;
}
