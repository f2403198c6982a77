import type { BoundedQueue } from '../bus/bounded-queue.js';
import type { TickStream } from '../contract/tick-source.js';
import type { TickUpdate } from '../contract/tick.js';
import { withinSilence } from './abort.js';
import { asSatsimError } from './errors.js';
import { EventPump } from './event-pump.js';
import { OfflinePacer, type Pacer, RealtimePacer } from './pacer.js';
import type { LaneRunner } from './lane-runner.js';
import { partFailed, type Prepared } from './prepare.js';
import { produce } from './producer.js';
import { type RunContext, warn } from './run-context.js';

/**
 * How long the event stream may be silent after the last tick, beside the time that the source needed for the ticks: it may
 * have as much to compute before its next event. And what it is allowed when the run was stopped.
 */
const EVENTS_SILENCE_MS = 10_000;
const EVENTS_STOP_LIMIT_MS = 1_000;

/** Delivers ticks to lanes and exporters until the last one, a stop or a failure, and lets the lanes finish. */
export async function stream(context: RunContext, prepared: Prepared, pacer: Pacer): Promise<void> {
  const { plan, control, progress } = context;
  const { bus, trace, metrics } = prepared;
  const { queue_limit, drain_on_stop } = plan.scenario.execution;
  const queues = prepared.lanes.map(() => bus.subscribe(queue_limit));
  const discard = (): void => queues.forEach((queue) => queue.close('discard'));
  control.aborting.addEventListener('abort', discard);
  if (!drain_on_stop) control.stopping.addEventListener('abort', discard);

  let laneCount = prepared.lanes.length;
  const lanes = prepared.lanes.map(async (lane, i) => {
    const failed = (error: unknown): void => partFailed(context, asSatsimError(error));
    await lane.run(queues[i] as BoundedQueue<TickUpdate>, control.aborting).catch((error: unknown) => {
      failed(error);
      laneCount -= 1;
      if (laneCount === 0) control.end();
    });
    await metrics.laneEnded(lane.name).catch(failed);
  });
  void Promise.all(prepared.lanes.map((lane) => lane.hasFirst)).then(() => pacer.begin());
  const events = startEvents(context, prepared.stream);

  try {
    await produce(
      {
        ticks: prepared.stream.ticks,
        time: plan.time,
        gate: control.gate,
        pacer,
        trace,
        bus,
        onTick: (tick, driftMs) => {
          metrics.delivered(tick, driftMs);
          context.log.setTick(tick.tickIndex);
          progress.tick(tick, driftMs, control.state.current, () => context.lanes.map((lane) => lane.summary));
        },
        onPast: (tick) => events?.pump.tickPast(tick.tickIndex),
      },
      control.stopping,
    );
  } catch (error) {
    const failure = asSatsimError(error);
    control.fail(failure);
    context.log.logger.error({ err: error }, failure.message);
    control.end();
  }

  control.state.to('draining');
  queues.forEach((queue) => queue.close('drain'));
  await Promise.all(lanes);
  await events?.end(metrics.computeMs);
  await Promise.all(prepared.lanes.map((lane) => complete(context, lane)));
}

/** Once all lanes have had every tick: whoever plays them back then takes no time from those that are paced. */
async function complete(context: RunContext, lane: LaneRunner): Promise<void> {
  const { stopping } = context.control;
  if (stopping.aborted) return;
  try {
    await lane.complete(stopping);
    await context.results?.flush();
  } catch (error) {
    partFailed(context, asSatsimError(error));
  }
}

export function makePacer({ plan, log, options }: RunContext): Pacer {
  const { scenario, time } = plan;
  if (scenario.time.mode === 'offline') return new OfflinePacer();
  return new RealtimePacer({ ...time, speed: options.speed ?? 1, onLate: scenario.execution.on_late_tick, logger: log.logger });
}

/** Events go to exporters only; `null` when the source has none or nobody wants them. */
function startEvents(context: RunContext, { events }: TickStream): { readonly pump: EventPump; readonly end: (computeMs: number) => Promise<void> } | null {
  const takers = context.exporters.filter((exporter) => exporter.wantsEvents);
  if (!events || takers.length === 0) return null;
  const { stopping } = context.control;
  const pump = new EventPump(async (batch) => void (await Promise.all(takers.map((exporter) => exporter.writeEvents(batch)))));
  const running = pump.run(events).catch((error: unknown) => {
    // A stop tears the stream down: how it ends then says nothing.
    if (!stopping.aborted) partFailed(context, asSatsimError(error));
  });
  return {
    pump,
    end: async (computeMs) => {
      pump.ticksEnded();
      const hurry = { signal: stopping, limitMs: EVENTS_STOP_LIMIT_MS };
      await withinSilence(running, EVENTS_SILENCE_MS + computeMs, () => pump.progress, 'the event stream', hurry).catch((error: Error) => {
        if (!stopping.aborted) warn(context, `${error.message} after the last tick: events may be missing`);
      });
    },
  };
}
