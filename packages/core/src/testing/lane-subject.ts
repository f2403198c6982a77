import type { LaneAdapter } from '../contract/lane.js';
import type { LinkState } from '../contract/tick.js';

/** What the harness sees of a link that the lane knows: the state in force, whatever was asked for. */
export type ObservedLink = Pick<LinkState, 'linkId' | 'up' | 'oneWayDelayMs' | 'capacityMbps' | 'lossPct'>;

/** A lane and what its harness keeps with it (a fake `tc`, a trace file, a namespace). */
export interface LaneSubject {
  readonly lane: LaneAdapter;
}

/** What the harness can do. A lane only writes, so without `observe` nothing can be said of its effects. */
export interface LaneContractOptions<Subject extends LaneSubject> {
  /** As in the manifest; `exact` by default. */
  readonly determinism?: 'exact' | 'statistical';
  /** The links that the lane knows now, also those that are down. */
  readonly observe?: (subject: Subject) => readonly ObservedLink[] | Promise<readonly ObservedLink[]>;
  /** Makes the next thing that the lane does outside itself fail. */
  readonly failNext?: (subject: Subject) => void | Promise<void>;
  /** Makes the next thing that the lane does outside itself never end. */
  readonly hangNext?: (subject: Subject) => void | Promise<void>;
  /** What the lane has made outside itself and is still there (interfaces, processes, files in /tmp). */
  readonly leftovers?: (subject: Subject) => readonly string[] | Promise<readonly string[]>;
  /** Milliseconds for an abort and for each finalize; the contract says 1,000. Shorter only to test the kit. */
  readonly limitMs?: number;
}
