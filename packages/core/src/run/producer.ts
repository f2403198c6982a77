import type { TraceRecorder } from '../artifacts/trace/trace-recorder.js';
import type { FanoutBus } from '../bus/fanout-bus.js';
import type { TickUpdate } from '../contract/tick.js';
import type { Timebase } from '../scenario/types.js';
import { abortable, type Gate } from './abort.js';
import { Coalescer } from './coalesce.js';
import type { Pacer } from './pacer.js';
import { TimebaseCheck } from './timebase.js';

export interface ProducerOptions {
  readonly ticks: AsyncIterable<TickUpdate>;
  readonly time: Timebase;
  readonly gate: Gate;
  readonly pacer: Pacer;
  readonly trace: TraceRecorder;
  readonly bus: FanoutBus<TickUpdate>;
  /** Before the tick goes to anybody. */
  readonly onTick: (tick: TickUpdate, driftMs: number | null) => void;
  /** When every queue has it, or it was skipped: for a tick that is late, and not wanted then. Before the next one is asked for. */
  readonly onPast: (tick: TickUpdate) => void;
}

/**
 * Reads ticks, holds them until their time, records and publishes them, until the last one or the signal.
 * The trace has every tick that was due, also those that a late run then skips: it tells of the source, not of the clock.
 *
 * @throws TimebaseError; whatever the source throws; SatsimError ARTIFACTS when the trace can't be written
 */
export async function produce({ ticks, time, gate, pacer, trace, bus, onTick, onPast }: ProducerOptions, stop: AbortSignal): Promise<void> {
  const check = new TimebaseCheck(time);
  const coalescer = new Coalescer();
  const iterator = ticks[Symbol.asyncIterator]();
  try {
    while (!check.complete) {
      const { value: tick, done } = await abortable(iterator.next(), stop);
      if (done) return check.ended();
      check.accept(tick);
      let pace = await pacer.pace(tick.tickIndex, stop);
      while (gate.closed) {
        await gate.pass();
        stop.throwIfAborted();
        pace = await pacer.pace(tick.tickIndex, stop);
      }
      stop.throwIfAborted();
      await trace.add(tick);
      if (pace.action === 'skip') {
        coalescer.skip(tick);
        onPast(tick);
        continue;
      }
      const delivered = coalescer.deliver(tick);
      onTick(delivered, pace.driftMs);
      await bus.publish(delivered);
      onPast(delivered);
    }
  } catch (error) {
    // A stop ends the waits above by this rejection; it is no failure.
    if (!stop.aborted || error !== stop.reason) throw error;
  } finally {
    // Not waited for: a source that hangs here is closed by the run anyway.
    iterator.return?.().catch(() => {});
  }
}
