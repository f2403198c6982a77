import type { Flow, LaneRemark, Scenario } from '@satsim/core';

/** Bytes of a packet that are no payload: IPv4 and UDP, IPv4 and TCP with timestamps. */
const HEADER_BYTES = { ping: 0, udp: 28, tcp: 52 } as const;

/** What of a scenario this lane does in another way, or can't do. */
export function remarks({ traffic, execution }: Scenario): LaneRemark[] {
  const found = traffic.flatMap((flow, index) => remarksOn(flow).map((remark) => ({ ...remark, path: ['traffic', index, ...remark.path] })));
  if (execution.record_pcap) found.push({ level: 'warning', path: ['execution', 'record_pcap'], message: 'no effect: its packets have sizes, but no bytes' });
  return found;
}

function remarksOn({ kind, congestion, dscp, packet_bytes: bytes }: Flow): LaneRemark[] {
  const found: LaneRemark[] = [];
  if (congestion !== undefined && congestion !== 'newreno')
    found.push({ level: 'warning', path: ['congestion'], message: 'simulated as newreno, its only congestion control' });
  if (dscp !== undefined && dscp !== 0) found.push({ level: 'warning', path: ['dscp'], message: 'no effect: its queues treat all packets alike' });
  if (bytes !== undefined && bytes <= HEADER_BYTES[kind])
    found.push({ level: 'fault', path: ['packet_bytes'], message: `leaves no payload: the headers of ${kind} take ${HEADER_BYTES[kind]} bytes` });
  return found;
}
