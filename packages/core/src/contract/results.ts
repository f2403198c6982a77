import type { LinkId, NodeId, UnixMs } from './tick.js';

/**
 * What one lane saw of one traffic flow at one moment. Every lane reports the same quantities, so that lanes can be
 * compared; `null` where a quantity does not apply. An outage is a sample with `lossPct` 100.
 */
export interface FlowSample {
  readonly lane: string;
  readonly flow: string;
  readonly simTimeMs: UnixMs;
  readonly rttMs: number | null;
  readonly oneWayDelayMs: number | null;
  /** Percent, 0 to 100. */
  readonly lossPct: number | null;
  readonly goodputMbps: number | null;
  readonly hops: number | null;
  /** First 16 hexadecimal digits of SHA-256 over the node ids joined by `>`. */
  readonly pathHash: string | null;
  readonly path?: readonly NodeId[];
  /** The link whose share limits the flow. */
  readonly bottleneck?: LinkId | null;
}

/** Where a lane puts its samples; in the order of sim time for each flow. */
export interface ResultsSink {
  write(sample: FlowSample): void;
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
