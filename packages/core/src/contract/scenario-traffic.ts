import { z } from 'zod';
import { duration, durationMs, nodeIdSchema, positive } from './scenario-fields.js';

/** The section `traffic`: what is sent, said once for all lanes. docs/comparing-lanes.md says what each lane does with it. */

export const flow = z.strictObject({
  id: nodeIdSchema.describe('Unique'),
  from: nodeIdSchema.describe('Node id'),
  to: nodeIdSchema.describe('Node id'),
  kind: z.enum(['ping', 'udp', 'tcp']).default('ping').describe('What is sent'),
  every: duration().optional().describe('ping: interval, one tick by default'),
  start: duration().optional().describe('After t0'),
  stop: duration().optional().describe('After t0'),
  rate_mbps: positive()
    .optional()
    .describe('Of what packets carry, without headers. udp: offered, 1 by default; tcp: at which the application writes, all it can get by default'),
  pattern: z.enum(['constant', 'poisson']).optional().describe('udp: gaps between packets all alike (default), or exponential'),
  packet_bytes: z
    .int()
    .min(28)
    .max(65_535)
    .optional()
    .describe('A whole IP packet, with its headers; tcp: the largest. 84 for ping, 1500 for udp and tcp by default'),
  congestion: z.string().min(1).optional().describe("tcp: congestion control; the lane's own default without it"),
  dscp: z.int().min(0).max(63).optional().describe('Differentiated services code point of its packets, 0 by default'),
});

/** A flow with every default filled in. Times are milliseconds after t0. */
export interface FlowDemand {
  readonly startMs: number;
  /** Exclusive, at most the end of the run. */
  readonly stopMs: number;
  /** ping: between two requests, as the scenario has it: it may be less than a tick. `null` for others. */
  readonly everyMs: number | null;
  /** Of what packets carry, without headers. `null` for ping, and for a tcp flow that takes all it gets. */
  readonly rateMbps: number | null;
  /** `null` for others than udp. */
  readonly pattern: 'constant' | 'poisson' | null;
  /** A whole IP packet, headers included; of tcp the largest. */
  readonly packetBytes: number;
  /** `null` for others than tcp, and for whatever the lane has by default. */
  readonly congestion: string | null;
  /** 0 to 63. */
  readonly dscp: number;
}

/** IPv4 and ICMP header and 56 bytes, as `ping` sends. */
const PING_BYTES = 84;
/** What fits into one Ethernet frame. */
const DATA_BYTES = 1500;
const UDP_MBPS = 1;
/** Of IPv4 and UDP. */
const UDP_HEADER_BYTES = 28;

/** What a flow asks for: the one place where the defaults of `traffic` are. */
export function flowDemand(
  { kind, every, start, stop, rate_mbps: rate, pattern, packet_bytes: bytes, congestion, dscp = 0 }: z.output<typeof flow>,
  run: { readonly t0Ms: number; readonly t1Ms: number; readonly dtMs: number },
): FlowDemand {
  const lengthMs = run.t1Ms - run.t0Ms;
  return {
    startMs: start === undefined ? 0 : durationMs(start),
    stopMs: stop === undefined ? lengthMs : Math.min(durationMs(stop), lengthMs),
    everyMs: kind !== 'ping' ? null : every === undefined ? run.dtMs : durationMs(every),
    rateMbps: kind === 'ping' ? null : (rate ?? (kind === 'udp' ? UDP_MBPS : null)),
    pattern: kind === 'udp' ? (pattern ?? 'constant') : null,
    packetBytes: bytes ?? (kind === 'ping' ? PING_BYTES : DATA_BYTES),
    congestion: kind === 'tcp' ? (congestion ?? null) : null,
    dscp,
  };
}

/** How many packets a udp flow sends in a second; at a packet size that leaves no room for data one of a byte each. */
export function datagramsPerS({
  rate_mbps: rate = UDP_MBPS,
  packet_bytes: bytes = DATA_BYTES,
}: Pick<z.output<typeof flow>, 'rate_mbps' | 'packet_bytes'>): number {
  return (rate * 1e6) / (8 * Math.max(1, bytes - UDP_HEADER_BYTES));
}
