import type { EngineEvent, NetworkNode, Scenario } from '@satsim/core';
import type { CzmlConfig } from './config.js';
import { handoverNotes } from './handovers.js';
import type { Interval } from './intervals.js';
import { type LinkPair, pairKey } from './link-history.js';
import { documentPacket, handoverPacket, linkPacket, nodePacket, pathPacket, type Packet } from './packets.js';
import { flowEnds, type FlowPath } from './path-history.js';
import type { Track } from './track.js';

/** Up to here every link is drawn and satellites are large, by default. */
const FEW_SATELLITES = 200;
/** Seconds a run should take to watch, where that doesn't make it run more than a minute a second. */
const WATCHING_S = 60;
const FASTEST = 60;
const HANDOVER_SHOWN_WALL_S = 3;

export interface Recorded {
  readonly scenario: Scenario;
  readonly nodes: readonly NetworkNode[];
  readonly tracks: ReadonlyMap<string, Track>;
  readonly links: readonly LinkPair[];
  readonly paths: readonly FlowPath[];
  readonly events: readonly EngineEvent[];
  readonly span: Interval;
  readonly choice: CzmlConfig['links'];
}

/** All packets of the document, in an order that doesn't depend on who reported first. What has no position is left out. */
export function* packets({ scenario, nodes, tracks, links, paths, events, span, choice }: Recorded): Generator<Packet> {
  const few = nodes.filter(({ role }) => role === 'satellite').length <= FEW_SATELLITES;
  const placed = (ids: readonly string[]): boolean => ids.every((id) => tracks.has(id));
  const multiplier = Math.min(FASTEST, Math.max(1, Math.round((span[1] - span[0]) / 1e3 / WATCHING_S)));
  yield documentPacket(scenario.name, span, multiplier);
  for (const node of nodes) {
    const track = tracks.get(node.id);
    if (track) yield nodePacket(node, track, span, node.role !== 'satellite' ? 8 : few ? 5 : 3);
  }

  const used = new Set(paths.flatMap(({ nodes: path }) => path.slice(1).map((node, i) => pairKey(path[i]!, node))));
  const all = choice === 'all' || (choice === 'auto' && few);
  const drawn = choice === 'none' ? [] : links.filter(({ kind, ends }) => placed(ends) && (all || kind === 'gsl' || used.has(pairKey(...ends))));
  yield* drawn.map((link) => linkPacket(link, link.up.until(span[1]), span)).sort(byId);

  const flows = scenario.traffic.map(({ id }) => id);
  const ends = flowEnds(scenario, span);
  const counts = new Map<string, number>();
  for (const path of paths.filter(({ nodes: path }) => placed(path)).toSorted(byLaneAndFlow)) {
    const taken = path.taken.until(ends.get(path.flow) ?? span[1]);
    if (taken.length === 0) continue;
    const key = `${path.lane}\n${path.flow}`;
    const number = (counts.get(key) ?? 0) + 1;
    counts.set(key, number);
    yield pathPacket(path, taken, Math.max(0, flows.indexOf(path.flow)), number, span);
  }

  for (const [node, notes] of handoverNotes(events, HANDOVER_SHOWN_WALL_S * multiplier * 1e3, span[1])) {
    if (placed([node])) yield handoverPacket(node, notes, span);
  }
}

const byId = (a: Packet, b: Packet): number => (a.id < b.id ? -1 : 1);
/** Paths of one flow in one lane stay in the order in which they were first taken. */
const byLaneAndFlow = (a: FlowPath, b: FlowPath): number => compare(a.lane, b.lane) || compare(a.flow, b.flow);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
