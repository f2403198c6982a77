import { durationMs, type Flow, linkId, type RunInfo } from '@satsim/core';
import type { NetworkIndex } from './network-index.js';

/** IPv4 and ICMP header and 56 bytes, as `ping` sends. */
const DEFAULT_PING_BYTES = 84;
/** What fits into one Ethernet frame. */
const DEFAULT_BYTES = 1500;
const DEFAULT_UDP_MBPS = 1;

/** `nodes.csv`: numbers and names of nodes. */
export function nodesCsv({ nodes }: NetworkIndex): string {
  return table(['node', 'id', 'role'], [...nodes.entries()].map(([number, { id, role }]) => [number, id, role]));
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
  const seconds = (duration: string | undefined, otherwiseMs: number): number => (duration === undefined ? otherwiseMs : durationMs(duration)) / 1000;
  const lengthMs = run.tickCount * run.dtMs;
  const rows = flows.map((flow, number) => {
    const { id, kind, from, to, start, stop, every, rate_mbps: rate, packet_bytes: bytes, congestion } = flow;
    const rateMbps = rate ?? (kind === 'udp' ? DEFAULT_UDP_MBPS : null);
    return [
      number,
      id,
      kind,
      network.node(from),
      network.node(to),
      seconds(start, 0),
      Math.min(seconds(stop, lengthMs), lengthMs / 1000),
      // More often than every tick is every tick, as in the other lanes.
      kind === 'ping' ? Math.max(seconds(every, run.dtMs), run.dtMs / 1000) : null,
      kind === 'ping' || rateMbps === null ? null : Math.round(rateMbps * 1e6),
      bytes ?? (kind === 'ping' ? DEFAULT_PING_BYTES : DEFAULT_BYTES),
      kind === 'tcp' ? (congestion ?? null) : null,
    ];
  });
  return table(['flow', 'id', 'kind', 'source', 'target', 'start_s', 'stop_s', 'interval_s', 'rate_bps', 'packet_bytes', 'congestion'], rows);
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
