import { durationMs, type Flow, type Logger, type RunningProcess } from '@satsim/core';
import type { PlannedNode } from '../plan/network-plan.js';
import { iperfInterval } from './iperf-report.js';
import type { NodePrograms } from './node-programs.js';
import type { RunningFlow, SampleWriter } from './running-flow.js';

/** IPv4 and UDP header. */
const HEADER_BYTES = 28;
const RETRY_MS = 1_000;
/** A client that has not reached its server by then tries again. */
const CONNECT_MS = 5_000;
const DEFAULT_UDP_MBPS = 1;

/** udp or tcp by iperf3; a sample for each second that the receiver tells, and one of an outage for each that it does not get through. */
export class IperfFlow implements RunningFlow {
  readonly #flow: Flow;
  readonly #from: PlannedNode;
  readonly #to: PlannedNode;
  readonly #port: number;
  readonly #remainingS: () => number;
  readonly #programs: NodePrograms;
  readonly #write: SampleWriter;
  readonly #logger: Logger;
  readonly #running = new Set<RunningProcess>();
  #retry: NodeJS.Timeout | undefined;
  #stopped = false;
  #lastHeardMs = Date.now();

  constructor(parts: {
    readonly flow: Flow;
    readonly from: PlannedNode;
    readonly to: PlannedNode;
    /** Of the server, one for each flow. */
    readonly port: number;
    /** Sim time that the flow still has. */
    readonly remainingS: () => number;
    readonly programs: NodePrograms;
    readonly write: SampleWriter;
    readonly logger: Logger;
  }) {
    this.#flow = parts.flow;
    this.#from = parts.from;
    this.#to = parts.to;
    this.#port = parts.port;
    this.#remainingS = parts.remainingS;
    this.#programs = parts.programs;
    this.#write = parts.write;
    this.#logger = parts.logger;
    this.#serve();
    this.#connect();
  }

  poll(): void {
    const now = Date.now();
    // A second that nobody told of for another second is one in which nothing arrived.
    while (now - this.#lastHeardMs > 2 * RETRY_MS) {
      this.#lastHeardMs += RETRY_MS;
      this.#write(this.#lastHeardMs, { rttMs: null, oneWayDelayMs: null, lossPct: 100, goodputMbps: 0 });
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#retry);
    await Promise.all([...this.#running].map((process) => process.stop()));
  }

  #serve(): void {
    const args = ['--server', '--bind', this.#to.ipv4!, '--port', String(this.#port), '--format', 'k', '--interval', '1', '--forceflush'];
    const server = this.#programs.start(this.#to, 'iperf3', args, {
      onLine: (line, pipe) => {
        const interval = pipe === 'stdout' ? iperfInterval(line) : null;
        // Shorter ones are the rest at the end.
        if (interval === null || interval.toS - interval.fromS < 0.5) return;
        this.#lastHeardMs = Date.now();
        this.#write(this.#lastHeardMs, { rttMs: null, oneWayDelayMs: null, lossPct: interval.lossPct ?? 0, goodputMbps: interval.goodputMbps });
      },
    });
    this.#track(server);
  }

  #connect(): void {
    const { kind, rate_mbps: rate, packet_bytes: bytes, congestion } = this.#flow;
    const seconds = Math.max(1, Math.ceil(this.#remainingS()));
    const args = ['--client', this.#to.ipv4!, '--bind', this.#from.ipv4!, '--port', String(this.#port), '--time', String(seconds)];
    args.push('--connect-timeout', String(CONNECT_MS), '--interval', '0');
    if (kind === 'udp') args.push('--udp', '--bitrate', `${Math.round((rate ?? DEFAULT_UDP_MBPS) * 1e6)}`);
    else if (rate !== undefined) args.push('--bitrate', `${Math.round(rate * 1e6)}`);
    if (kind === 'tcp' && congestion !== undefined) args.push('--congestion', congestion);
    if (bytes !== undefined) args.push('--length', String(Math.max(16, bytes - HEADER_BYTES)));
    const client = this.#programs.start(this.#from, 'iperf3', args, { onLine: () => undefined });
    this.#track(client);
    void client.done.then(({ exitCode, stderrTail }) => {
      if (this.#stopped || exitCode === 0) return;
      this.#logger.debug({ flow: this.#flow.id, stderr: stderrTail.trim() }, 'iperf3 did not get through; it tries again');
      this.#retry = setTimeout(() => !this.#stopped && this.#connect(), RETRY_MS);
    });
  }

  #track(process: RunningProcess): void {
    this.#running.add(process);
    void process.done.then(() => this.#running.delete(process));
  }
}

/** When a flow is on, in ms after t0; without an end to the end of the run. */
export function flowSpan(flow: Flow, runMs: number): { readonly startMs: number; readonly stopMs: number } {
  return { startMs: flow.start === undefined ? 0 : durationMs(flow.start), stopMs: Math.min(runMs, flow.stop === undefined ? runMs : durationMs(flow.stop)) };
}
