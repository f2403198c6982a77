import type { LinkId, NodeId, UnixMs } from './tick.js';

/**
 * What one lane saw of one traffic flow at one moment. Every lane means the same by every field, so that lanes can be
 * compared; `null` where a quantity does not apply or the lane can't know it, never a number that stands for it.
 *
 * | flow | a sample is | at sim time |
 * |---|---|---|
 * | ping | one request and its answer, or that none came | at which the request was sent |
 * | udp, tcp | what happened in an interval of a tick, or of what the lane's tool tells | at which the interval begins; a lane in real time may only know its end |
 *
 * An outage is a sample with `lossPct` 100: no answer, nothing received, no way at all. It has no delay.
 */
export interface FlowSample {
  readonly lane: string;
  /** The id of the scenario's flow. */
  readonly flow: string;
  /** Unix milliseconds; within a flow they do not fall. */
  readonly simTimeMs: UnixMs;
  /** ping: of this request; there and back, each by its own way. Lanes that reckon may give it for others. */
  readonly rttMs: number | null;
  /** From source to destination: of this request; of udp and tcp the mean of the interval. */
  readonly oneWayDelayMs: number | null;
  /**
   * Percent, 0 to 100, of what was sent. ping: 0 or 100, or the expectation of a lane that reckons. udp: of the datagrams of the
   * interval, lost on links or for want of room. tcp repeats what is lost: 100 where nothing arrives, and lanes differ in what
   * they know beside.
   */
  readonly lossPct: number | null;
  /** Of udp and tcp: what arrived at the receiver in the interval, without headers and, of tcp, without repetitions. */
  readonly goodputMbps: number | null;
  /** Links of the path. */
  readonly hops: number | null;
  /**
   * First 16 hexadecimal digits of SHA-256 over the node ids joined by `>`: the forward path by the routing in force when the
   * request was sent, or when the interval began. Source and destination are part of it.
   */
  readonly pathHash: string | null;
  /** The node ids of that path; a lane may leave them out. */
  readonly path?: readonly NodeId[];
  /** The link whose share limits the flow. */
  readonly bottleneck?: LinkId | null;
}

/** Where a lane puts its samples; in the order of sim time for each flow. */
export interface ResultsSink {
  write(sample: FlowSample): void;
  /**
   * Hands on what was written so far, and resolves when the exporters' queues have it. In a run it is always there. It happens by itself
   * after each tick and after `complete`; a lane that has many samples at once calls it every few thousand, so that they are not all
   * in memory.
   */
  flush?(): Promise<void>;
}

/** Per-tick figures of the run itself. */
export interface TickMetrics {
  readonly tickIndex: number;
  readonly simTimeMs: UnixMs;
  readonly computeMs: number;
  readonly translateMs: number;
  readonly linksEmitted: number;
  /** How late the tick was delivered against its wall-clock time; `null` in offline mode. */
  readonly driftMs: number | null;
  /** Milliseconds that the lane's call took until the tick was in force, by lane; waiting in its queue not included. */
  readonly applyMs: Readonly<Record<string, number>>;
  /** Wall clock at which the tick went out to the lanes' queues: Unix milliseconds with fraction, from a clock that only goes forward. */
  readonly deliveredAtMs?: number;
  /** Wall clock, as above, at which each lane had the tick in force; the call itself began `applyMs` earlier. */
  readonly appliedAtMs?: Readonly<Record<string, number>>;
}
