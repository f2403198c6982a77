import type { LinkDetails, LinkEvents, LinkOutput } from '../links/link-output.js';
import type { StreamOptions } from '../links/stream-options.js';
import type { Positions } from '../orbit/ecef-positions.js';
import type { OrbitBounds } from '../orbit/orbit-bounds.js';

/** What a worker is to compute: the ground links of some of the wanted sites. */
export interface GslJob {
  /** Protobuf. */
  readonly spec: Uint8Array;
  readonly selector: Uint8Array;
  readonly options: StreamOptions;
  readonly bounds: OrbitBounds;
  /** Shared memory: those of the tick when the worker is told of it, until it has answered. */
  readonly positions: Positions;
  readonly firstSite: number;
  /** Exclusive. */
  readonly endSite: number;
}

export const COLUMNS = [
  'removed',
  'enteredLink',
  'enteredSource',
  'enteredTarget',
  'enteredType',
  'enteredRow',
  'enteredCell',
  'link',
  'up',
  'delayS',
  'capacityBps',
  'lossRate',
  'modcod',
] as const;

/** A worker's answer for a tick. */
export interface GslTick {
  readonly counts: Pick<LinkOutput, 'looked' | 'removedCount' | 'enteredCount' | 'count'>;
  /** Those that lie elsewhere than at the tick before. Memory is shared: nothing is copied. */
  readonly columns: Partial<Pick<LinkOutput, (typeof COLUMNS)[number]> & LinkDetails>;
  /** Null where nobody asks for events; rows likewise only if they lie elsewhere. */
  readonly events: Readonly<Record<keyof LinkEvents, { readonly count: number; readonly values?: Int32Array }>> | null;
}
