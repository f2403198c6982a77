import { linkId, type LinkState } from '@satsim/core';
import type { NetworkIndex } from '../trace/network-index.js';
import { csvLines, numberOf } from './csv-lines.js';

/** First line of an `applied.csv`. */
export const APPLIED_HEADER = 'tick,link,up,delay_s,rate_bps,loss';
/** First line of a `counters.csv`. */
export const COUNTERS_HEADER = 'name,value';

/** A link as a simulator had it at the end of a tick. */
export interface AppliedLink {
  readonly tick: number;
  readonly link: LinkState;
}

/**
 * The links that a simulator knew at the ticks it was asked about, as it had them itself.
 * @throws LaneError naming file and line
 */
export async function* readApplied(file: string, lane: string, { nodes, pairs }: NetworkIndex): AsyncIterable<AppliedLink> {
  for await (const line of csvLines(lane, file, APPLIED_HEADER)) {
    const number = numberOf(line, 1, 'link');
    const pair = pairs[number >> 1];
    if (pair === undefined) throw line.fault(`there is no link ${number}`);
    const [a, b] = [nodes[pair.a]!.id, nodes[pair.b]!.id];
    const [source, target] = number % 2 === 0 ? [a, b] : [b, a];
    yield {
      tick: numberOf(line, 0, 'tick'),
      link: {
        linkId: linkId(pair.kind, source, target),
        source,
        target,
        kind: pair.kind,
        up: numberOf(line, 2, 'up') === 1,
        oneWayDelayMs: numberOf(line, 3, 'delay_s') * 1e3,
        capacityMbps: numberOf(line, 4, 'rate_bps') / 1e6,
        lossPct: numberOf(line, 5, 'loss') * 100,
      },
    };
  }
}

/**
 * What a simulator counted: `link_rows` and `route_rows` that it applied, and whatever else it tells.
 * @throws LaneError naming file and line
 */
export async function readCounters(file: string, lane: string): Promise<ReadonlyMap<string, number>> {
  const counters = new Map<string, number>();
  for await (const line of csvLines(lane, file, COUNTERS_HEADER)) counters.set(line.fields[0]!, numberOf(line, 1, 'value'));
  return counters;
}
