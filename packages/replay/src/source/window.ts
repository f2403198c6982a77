import { Coalescer, columnTick } from '@satsim/core';
import type { TickUpdate } from '@satsim/core';

/** Which ticks of a recording are played: `count` from `first` on. They are the ticks 0, 1, 2 … of the new run. */
export interface Window {
  readonly first: number;
  readonly count: number;
}

/** The ticks of a window; the first is a snapshot, with the state that all ticks until then lead to. An abort ends them with its reason. */
export async function* windowed(ticks: AsyncIterable<TickUpdate>, { first, count }: Window, signal?: AbortSignal): AsyncGenerator<TickUpdate> {
  const before = new Coalescer();
  let delivered = 0;
  for await (const tick of ticks) {
    signal?.throwIfAborted();
    if (tick.tickIndex < first) {
      before.skip(tick);
      continue;
    }
    yield numbered(tick.tickIndex === first ? before.deliver(tick) : tick, tick.tickIndex - first);
    delivered += 1;
    if (delivered === count) return;
  }
}

function numbered(tick: TickUpdate, tickIndex: number): TickUpdate {
  if (tick.tickIndex === tickIndex) return tick;
  if (!tick.columns) return { ...tick, tickIndex };
  const { runId, scenarioRef, simTimeMs, snapshot, stats } = tick;
  return columnTick({ runId, scenarioRef, tickIndex, simTimeMs, snapshot, stats }, tick.columns);
}
