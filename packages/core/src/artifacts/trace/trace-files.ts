/** Where a run keeps its trace, relative to the run directory. */
export const TRACE_PATH = 'traces/ticks.jsonl.zst';
export const TRACE_INDEX_PATH = 'traces/ticks.index.jsonl';
export const TICK_HASHES_PATH = 'traces/ticks.sha256';

/** A part of a trace that can be read by itself: one line of the index. The first holds the header alone. */
export interface TraceFrame {
  readonly firstTick: number;
  readonly ticks: number;
  /** Of its first byte, in the file. */
  readonly offset: number;
  readonly bytes: number;
  /** Of these bytes. */
  readonly sha256: string;
}
