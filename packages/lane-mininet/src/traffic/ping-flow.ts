import { setTimeout as sleep } from 'node:timers/promises';
import { type Flow, type FlowDemand, LaneError, type RunningProcess } from '@satsim/core';
import type { PlannedNode } from '../plan/network-plan.js';
import type { NodePrograms } from './node-programs.js';
import { LOST_AFTER_MS, PingReplies } from './ping-replies.js';
import type { RunningFlow, SampleWriter } from './running-flow.js';

/** IPv4 and ICMP header: what a packet is more than its content. */
const HEADER_BYTES = 28;
/** How often somebody looks whether the last answers have come. */
const LOOK_MS = 20;
/** The least that ping takes from root. */
const LEAST_INTERVAL_MS = 2;

/** Echo requests by the system's `ping`; a sample for each of them, at the sim time at which it was sent. */
export class PingFlow implements RunningFlow {
  readonly #replies: PingReplies;
  readonly #process: RunningProcess;
  readonly #write: SampleWriter;
  #stopped = false;
  /** Unix ms; what is sent later does not count. */
  #lastMs = Infinity;
  #failure: LaneError | null = null;

  constructor(flow: Flow, { everyMs, packetBytes, dscp }: FlowDemand, from: PlannedNode, to: PlannedNode, programs: NodePrograms, write: SampleWriter) {
    const intervalMs = Math.max(LEAST_INTERVAL_MS, everyMs!);
    this.#replies = new PingReplies(intervalMs, Date.now());
    this.#write = write;
    const size = Math.max(16, packetBytes - HEADER_BYTES);
    const args = ['-n', '-D', '-i', String(intervalMs / 1000), '-s', String(size), '-Q', String(dscp << 2), '-I', from.ipv4!, to.ipv4!];
    this.#process = programs.start(from, 'ping', args, { onLine: (line, pipe) => pipe === 'stdout' && this.#replies.hear(line) });
    void this.#process.done.then(({ exitCode, stderrTail }) => {
      // Requests that nobody sends are not lost ones.
      if (!this.#stopped) this.#failure = new LaneError('', `ping of flow ${flow.id} ended with exit code ${exitCode}: ${stderrTail.trim()}`);
    });
  }

  poll(): void {
    if (this.#failure) throw this.#failure;
    this.#tell(Date.now());
  }

  async end(lastMs: number): Promise<void> {
    this.#lastMs = lastMs;
    // It goes on sending, as it would hear no answer any more if it were told to stop.
    while (!this.#stopped && this.#failure === null && Date.now() <= lastMs + LOST_AFTER_MS) {
      this.#tell(Date.now());
      if (this.#replies.settled(lastMs)) break;
      await sleep(LOOK_MS);
    }
    await this.stop();
    if (this.#failure) throw this.#failure;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#lastMs = Math.min(this.#lastMs, Date.now());
    await this.#process.stop();
    // Where nobody has waited, what was sent shortly before may still have been on its way: it is not counted as lost.
    this.#tell(Date.now());
  }

  #tell(nowMs: number): void {
    for (const { sentAtMs, rttMs } of this.#replies.take(nowMs, this.#lastMs)) {
      this.#write(sentAtMs, { rttMs, oneWayDelayMs: null, lossPct: rttMs === null ? 100 : 0, goodputMbps: null });
    }
  }
}
