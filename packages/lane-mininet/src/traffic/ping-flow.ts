import { durationMs, type Flow, type RunningProcess } from '@satsim/core';
import type { PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from './node-programs.js';
import { PingReplies } from './ping-replies.js';
import type { RunningFlow, SampleWriter } from './running-flow.js';

/** IPv4 and ICMP header: what a packet is more than its content. */
const HEADER_BYTES = 28;
const DEFAULT_BYTES = 84;

/** Echo requests by the system's `ping`; a sample for each of them, at the sim time at which it was sent. */
export class PingFlow implements RunningFlow {
  readonly #replies: PingReplies;
  readonly #process: RunningProcess;
  readonly #write: SampleWriter;

  constructor(flow: Flow, from: PlannedNode, to: PlannedNode, dtMs: number, programs: NodePrograms, write: SampleWriter) {
    const intervalMs = Math.max(2, flow.every === undefined ? dtMs : durationMs(flow.every));
    this.#replies = new PingReplies(intervalMs, Date.now());
    this.#write = write;
    const size = (flow.packet_bytes ?? DEFAULT_BYTES) - HEADER_BYTES;
    const args = ['-n', '-D', '-i', String(intervalMs / 1000), '-s', String(size), '-I', from.ipv4!, to.ipv4!];
    this.#process = programs.start(from, 'ping', args, { onLine: (line, pipe) => pipe === 'stdout' && this.#replies.hear(line) });
  }

  poll(): void {
    this.#tell(Date.now());
  }

  async stop(): Promise<void> {
    const lastMs = Date.now();
    await this.#process.stop();
    // What was sent shortly before the end may still have been on its way: it is not counted as lost.
    this.#tell(Date.now(), lastMs);
  }

  #tell(nowMs: number, lastMs?: number): void {
    for (const { sentAtMs, rttMs } of this.#replies.take(nowMs, lastMs)) {
      this.#write(sentAtMs, { rttMs, oneWayDelayMs: null, lossPct: rttMs === null ? 100 : 0, goodputMbps: null });
    }
  }
}
