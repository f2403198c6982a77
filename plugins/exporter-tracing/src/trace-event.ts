/**
 * Events of the Trace Event Format (Google, "Trace Event Format", as Perfetto and Chrome read it). Times are whole
 * microseconds, so that slices that follow each other touch and never overlap.
 */
interface Placed {
  readonly name: string;
  /** Microseconds. */
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** A slice of time. Slices of one thread may nest, but not overlap. */
export interface Slice extends Placed {
  readonly ph: 'X';
  readonly dur: number;
}
export interface Instant extends Placed {
  readonly ph: 'i';
  /** Drawn on its thread only. */
  readonly s: 't';
}
export interface Counter extends Placed {
  readonly ph: 'C';
}
export interface Metadata {
  readonly ph: 'M';
  readonly name: 'process_name' | 'thread_name' | 'thread_sort_index';
  readonly pid: number;
  readonly tid?: number;
  readonly args: Readonly<Record<string, unknown>>;
}
export type TraceEvent = Slice | Instant | Counter | Metadata;

export const microseconds = (ms: number): number => Math.round(ms * 1000);
