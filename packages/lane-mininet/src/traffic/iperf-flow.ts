import { type Flow, type FlowDemand, LaneError, type Logger, type RunningProcess } from '@satsim/core';
import type { PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from './node-programs.js';
import { OUTAGE, ReceiverReport } from './receiver-report.js';
import type { RunningFlow, SampleWriter } from './running-flow.js';

/** IPv4 and UDP header. */
const HEADER_BYTES = 28;
const SECOND_MS = 1_000;
/** A client that has not reached its server by then tries again. */
const CONNECT_MS = 5_000;
/**
 * A pair of which nothing is heard by then begins anew: iperf3 sends the first datagram once only, and waits for the answer.
 * Where a receiver tells of itself more seldom, it has the time for two of its intervals.
 */
const SILENCE_MS = 15_000;
/** iperf3 takes no longer one; a new pair follows. */
const LONGEST_S = 86_400;
/** IPv4 and TCP header. */
const TCP_HEADER_BYTES = 40;
const LEAST_AT_ONCE = 1_448;
const MOST_AT_ONCE = 131_072;
/** The largest packet that a link takes. */
const MTU_BYTES = 1500;
/** Complaints that no change of the network will end. */
const HOPELESS = /failed to execute|congestion|parameter error|unrecognized|usage/i;

/**
 * udp or tcp by iperf3: a sample for each second that the receiver tells of. When one of the pair does not get through, both
 * begin anew, and the seconds from what was told last until something arrives are an outage.
 */
export class IperfFlow implements RunningFlow {
  readonly #flow: Flow;
  readonly #demand: FlowDemand;
  readonly #from: PlannedNode;
  readonly #to: PlannedNode;
  readonly #port: number;
  readonly #programs: NodePrograms;
  readonly #write: SampleWriter;
  readonly #logger: Logger;
  readonly #running = new Set<RunningProcess>();
  readonly #complaints = new Set<string>();
  #retry: NodeJS.Timeout | undefined;
  #silence: NodeJS.Timeout | undefined;
  #stopped = false;
  #failure: LaneError | null = null;
  /** A pair has failed, and nothing has arrived since. */
  #down = false;
  #toldMs = Date.now();

  constructor(parts: {
    readonly flow: Flow;
    readonly demand: FlowDemand;
    readonly from: PlannedNode;
    readonly to: PlannedNode;
    /** Of the server, one for each flow. */
    readonly port: number;
    readonly programs: NodePrograms;
    readonly write: SampleWriter;
    readonly logger: Logger;
  }) {
    this.#flow = parts.flow;
    this.#demand = parts.demand;
    this.#from = parts.from;
    this.#to = parts.to;
    this.#port = parts.port;
    this.#programs = parts.programs;
    this.#write = parts.write;
    this.#logger = parts.logger;
    this.#begin();
  }

  poll(): void {
    if (this.#failure) throw this.#failure;
    // Of the last second a receiver has yet to tell.
    this.#tellOutage(Date.now() - SECOND_MS);
  }

  /** Its receiver tells of whole seconds: there is nothing to wait for. */
  async end(): Promise<void> {
    await this.stop();
    if (this.#failure) throw this.#failure;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#tellOutage(Date.now());
    clearTimeout(this.#retry);
    clearTimeout(this.#silence);
    await this.#end();
  }

  #tellOutage(untilMs: number): void {
    while (this.#down && this.#toldMs + SECOND_MS <= untilMs) this.#tell(this.#toldMs + SECOND_MS, OUTAGE);
  }

  #begin(): void {
    const { args, datagramsPerS } = clientOf(this.#flow.kind, this.#demand);
    const everyS = intervalS(datagramsPerS);
    const bound = ['--bind', this.#to.ipv4!, '--port', String(this.#port)];
    const server = ['--server', '--one-off', ...bound, '--format', 'k', '--interval', String(everyS), '--forceflush'];
    const report = new ReceiverReport(datagramsPerS);
    const pair = { over: false };
    this.#silence = setTimeout(() => void this.#end(), Math.max(SILENCE_MS, 2 * everyS * SECOND_MS));
    this.#start(pair, this.#to, server, (line) => {
      if (line.startsWith('Server listening')) {
        const ends = ['--client', this.#to.ipv4!, '--bind', this.#from.ipv4!, '--port', String(this.#port)];
        this.#start(pair, this.#from, [...ends, ...args], () => undefined);
      }
      const measured = report.hear(line);
      if (measured === null || this.#stopped) return;
      clearTimeout(this.#silence);
      this.#down = false;
      this.#tell(Date.now(), measured);
    });
  }

  #start(pair: { over: boolean }, node: PlannedNode, args: readonly string[], onLine: (line: string) => void): void {
    if (this.#stopped || pair.over) return;
    const process = this.#programs.start(node, 'iperf3', args, { onLine: (line, pipe) => pipe === 'stdout' && onLine(line) });
    this.#running.add(process);
    void process.done.then(({ stderrTail }) => {
      this.#running.delete(process);
      if (this.#stopped) return;
      if (!pair.over) {
        pair.over = true;
        this.#down = true;
        clearTimeout(this.#silence);
        this.#complain(stderrTail.trim());
        // It takes the other one with it: a server that cannot hear of its client's end would refuse the next one.
        void this.#end();
      }
      if (this.#running.size === 0) this.#retry = setTimeout(() => this.#begin(), SECOND_MS);
    });
  }

  async #end(): Promise<void> {
    await Promise.all([...this.#running].map((process) => process.stop()));
  }

  #tell(wallMs: number, measured: Parameters<SampleWriter>[1]): void {
    this.#toldMs = wallMs;
    this.#write(wallMs, measured);
  }

  #complain(text: string): void {
    if (text === '' || this.#complaints.has(text)) return;
    this.#complaints.add(text);
    if (HOPELESS.test(text)) this.#failure = new LaneError('', `flow ${this.#flow.id}: ${text}`);
    this.#logger.warn({ flow: this.#flow.id }, `flow ${this.#flow.id} does not get through, and tries again: ${text}`);
  }
}

/** A second, unless datagrams are so rare that one without any would be no outage; iperf3 takes a minute at most. @param datagramsPerS 0 for TCP */
function intervalS(datagramsPerS: number): number {
  return datagramsPerS === 0 ? 1 : Math.min(60, Math.max(1, Math.ceil(2 / datagramsPerS)));
}

/** The client's arguments, but for its ends. */
function clientOf(
  kind: Flow['kind'],
  { rateMbps, packetBytes, congestion, dscp }: FlowDemand,
): { readonly args: readonly string[]; readonly datagramsPerS: number } {
  const args = ['--time', String(LONGEST_S), '--connect-timeout', String(CONNECT_MS), '--interval', '0', '--dscp', String(dscp)];
  const bitPerS = Math.round((rateMbps ?? 0) * 1e6);
  if (rateMbps !== null) args.push('--bitrate', String(bitPerS));
  if (kind === 'udp') {
    const content = Math.max(16, packetBytes - HEADER_BYTES);
    return { args: [...args, '--udp', '--length', String(content)], datagramsPerS: bitPerS / (8 * content) };
  }
  // What is sent at once: iperf3's own 128 KiB would be a second's worth of a slow flow.
  if (rateMbps !== null) args.push('--length', String(Math.min(MOST_AT_ONCE, Math.max(LEAST_AT_ONCE, Math.round(bitPerS * 0.00125)))));
  if (congestion !== null) args.push('--congestion', congestion);
  if (packetBytes < MTU_BYTES) args.push('--set-mss', String(Math.max(88, packetBytes - TCP_HEADER_BYTES)));
  return { args, datagramsPerS: 0 };
}
