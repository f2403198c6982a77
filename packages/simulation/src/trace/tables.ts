import { type Flow, flowDemand, linkId, type RunInfo } from '@satsim/core';
import type { NetworkIndex } from './network-index.js';

const FLOW_COLUMNS = 'flow,id,kind,source,target,start_s,stop_s,interval_s,rate_bps,pattern,packet_bytes,congestion,dscp'.split(',');

/** `nodes.csv`: numbers and names of nodes. */
export function nodesCsv({ nodes }: NetworkIndex): string {
  return table(
    ['node', 'id', 'role'],
    [...nodes.entries()].map(([number, { id, role }]) => [number, id, role]),
  );
}

/** `links.csv`: a row for each pair of links, with their numbers and the nodes that they join. */
export function linksCsv({ nodes, pairs }: NetworkIndex): string {
  const rows = [...pairs.entries()].map(([pair, { kind, a, b }]) => {
    const [one, other] = [nodes[a]!.id, nodes[b]!.id];
    return [pair, 2 * pair, 2 * pair + 1, a, b, kind, linkId(kind, one, other), linkId(kind, other, one)];
  });
  return table(['pair', 'forward', 'backward', 'a', 'b', 'kind', 'forward_id', 'backward_id'], rows);
}

/**
 * `flows.csv`: the scenario's traffic, in SI units and with every default filled in; fields that a kind of flow doesn't have
 * are empty. `rate_bps` is that of what the packets carry (UDP's payload, TCP's data), `packet_bytes` that of whole IP packets.
 */
export function flowsCsv({ run, flows, network }: { readonly run: RunInfo; readonly flows: readonly Flow[]; readonly network: NetworkIndex }): string {
  const seconds = (ms: number): number => ms / 1000;
  const rows = flows.map((flow, number) => {
    const { startMs, stopMs, everyMs, rateMbps, pattern, packetBytes, congestion, dscp } = flowDemand(flow, run);
    // An interval of 0 is every tick, as without one.
    const intervalMs = everyMs === 0 ? run.dtMs : everyMs;
    return [
      number,
      flow.id,
      flow.kind,
      network.node(flow.from),
      network.node(flow.to),
      seconds(startMs),
      seconds(stopMs),
      intervalMs === null ? null : seconds(intervalMs),
      rateMbps === null ? null : Math.round(rateMbps * 1e6),
      pattern,
      packetBytes,
      congestion,
      dscp,
    ];
  });
  return table(FLOW_COLUMNS, rows);
}

/** No field of these tables has a comma, a quote or a line's end in it. */
function table(columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [columns, ...rows].map((row) => `${row.join(',')}\n`).join('');
}

/** `node_map.json`: the number of each node. */
export function nodeMap({ nodes }: NetworkIndex): string {
  return json(Object.fromEntries([...nodes.entries()].map(([number, { id }]) => [id, number])));
}

/** `link_map.json`: the number of each link. */
export function linkMap({ nodes, pairs }: NetworkIndex): string {
  const links = [...pairs.entries()].flatMap(([pair, { kind, a, b }]) => [
    [linkId(kind, nodes[a]!.id, nodes[b]!.id), 2 * pair],
    [linkId(kind, nodes[b]!.id, nodes[a]!.id), 2 * pair + 1],
  ]);
  return json(Object.fromEntries(links));
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
