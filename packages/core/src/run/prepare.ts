import type { TraceHeader } from '../artifacts/trace/trace-header.js';
import { TraceRecorder } from '../artifacts/trace/trace-recorder.js';
import { FanoutBus } from '../bus/fanout-bus.js';
import type { TickSource, TickStream } from '../contract/tick-source.js';
import type { TickUpdate } from '../contract/tick.js';
import type { SatsimError } from '../errors.js';
import { abortable } from './abort.js';
import { RunEngine } from './engine-host.js';
import { asSatsimError } from './errors.js';
import { FINALIZE_LIMIT_MS, type LaneRunner } from './lane-runner.js';
import { ResultsHub } from './results-hub.js';
import { type RunContext, warn } from './run-context.js';
import { RunParts } from './run-parts.js';
import { MetricsRecorder } from './tick-metrics.js';

/** What exporters are allowed for writing what they still hold: their runners have limits of their own, below this. */
const EXPORTERS_CLOSE_LIMIT_MS = 70_000;
/** By so much all lanes together may take longer than the runner of each of them allows it. */
const LANES_FINALIZE_MARGIN_MS = 5_000;
const SOURCE_ABORT_GRACE_MS = 1_000;

/** All that streaming needs. */
export interface Prepared {
  readonly stream: TickStream;
  readonly bus: FanoutBus<TickUpdate>;
  readonly trace: TraceRecorder;
  readonly metrics: MetricsRecorder;
  /** Those that are ready. */
  readonly lanes: readonly LaneRunner[];
}

/**
 * Opens the tick source, the exporters and then, in parallel, the lanes. Whatever is opened is put on the clean-up list,
 * which undoes it in reverse order: lanes, results, exporters, trace, tick source, child processes, engine.
 */
export async function prepare(context: RunContext): Promise<Prepared> {
  const { plan, runId, store, log, control, cleanup, processes, manifest } = context;
  const engine = new RunEngine(context.options.startEngine);
  cleanup.defer('the embedded engine', () => engine.stop());
  cleanup.defer('child processes', () => endProcesses(context));
  const parts = new RunParts(plan, runId, store, log, processes);
  cleanup.defer('the container', () => parts.dispose());

  const stream = await openSource(parts.source(engine), control.preparing);
  cleanup.defer('the tick source', () => stream.close());
  const { warnings, ...info } = stream.info;
  for (const warning of warnings) warn(context, warning);
  await manifest.update({ engine: info });

  const { seed, execution, traffic } = plan.scenario;
  const header: TraceHeader = { seed, t0: plan.time.t0Ms, dt: plan.time.dtMs, specSha256: info.specSha256, engineVersion: info.engineVersion };
  const trace = await TraceRecorder.open(store, header, execution.record_trace);
  cleanup.defer('the trace', async () => {
    context.traceSha256 = await trace.close();
  });
  const metricsStream = await store.openStream('metrics/ticks.jsonl');
  cleanup.defer('the metrics', () => metricsStream.close());

  const bus = new FanoutBus<TickUpdate>();
  const exporters = parts.exporters(stream.ephemeris, bus, (error) => partFailed(context, error));
  context.exporters = exporters;
  control.aborting.addEventListener('abort', () => exporters.forEach((exporter) => exporter.abandon()));
  const opened: (typeof exporters)[number][] = [];
  cleanup.defer('the exporters', () => endAll(context, opened, (exporter) => exporter.close(control.outcome, control.aborting)), EXPORTERS_CLOSE_LIMIT_MS);
  for (const exporter of exporters) {
    opened.push(exporter);
    await exporter.open(control.preparing);
  }

  const names = plan.lanes.map(({ name }) => name);
  const toAll = <T>(write: (exporter: (typeof exporters)[number], item: T) => Promise<void>) => {
    return async (item: T): Promise<void> => void (await Promise.all(exporters.map((exporter) => write(exporter, item))));
  };
  const statistical = plan.lanes.filter(({ contribution }) => contribution.determinism === 'statistical').map(({ name }) => name);
  const results = new ResultsHub(
    { runId, lanes: names, statistical, traffic },
    store.dir,
    toAll((exporter, samples) => exporter.writeResults(samples)),
  );
  context.results = results;
  cleanup.defer('the results', () => results.flush());
  const metrics = new MetricsRecorder(
    metricsStream,
    names,
    plan.scenario.time.mode === 'offline' ? null : plan.time.dtMs / (context.options.speed ?? 1),
    toAll((exporter, tick) => exporter.writeMetrics(tick)),
  );
  context.metrics = metrics;

  context.lanes = await parts.lanes({
    results,
    gate: control.gate,
    async onApplied(lane, tick, ms) {
      await metrics.applied(lane, tick.tickIndex, ms);
      await results.flush();
    },
    onReport: (lane, provenance) => manifest.addProvenance(lane, provenance),
  });
  const lanesLimitMs = Math.max(FINALIZE_LIMIT_MS, ...plan.lanes.map(({ definition }) => definition.finalizeLimitMs ?? 0)) + LANES_FINALIZE_MARGIN_MS;
  cleanup.defer('the lanes', () => endAll(context, context.lanes, (lane) => lane.finalize(control.aborting)), lanesLimitMs);
  const ready = await prepareLanes(context);
  // What they have told by now outlives a crash.
  await manifest.update({});
  return { stream, bus, trace, metrics, lanes: ready };
}

/** A lane or exporter failed: the run has, and it ends unless it was told to go on with the others. */
export function partFailed(context: RunContext, error: SatsimError): void {
  context.control.fail(error);
  context.log.logger.error({ err: error }, error.message);
  if (context.plan.scenario.execution.on_lane_failure === 'stop') context.control.end();
}

/** Ends parts of one kind side by side: several that hang cost no more time than one. */
async function endAll<Part>(context: RunContext, parts: readonly Part[], end: (part: Part) => Promise<void>): Promise<void> {
  await Promise.all(parts.map((part) => end(part).catch((error: unknown) => partFailed(context, asSatsimError(error)))));
}

async function prepareLanes(context: RunContext): Promise<readonly LaneRunner[]> {
  const { control, lanes } = context;
  const ready = await Promise.all(
    lanes.map(async (lane) => {
      try {
        await lane.prepare(control.preparing);
        return [lane];
      } catch (error) {
        if (!control.preparing.aborted || error !== control.preparing.reason) partFailed(context, asSatsimError(error));
        return [];
      }
    }),
  );
  if (ready.every(([lane]) => lane === undefined)) control.end();
  control.preparing.throwIfAborted();
  return ready.flat();
}

async function openSource(source: TickSource, signal: AbortSignal): Promise<TickStream> {
  const opening = source.open(signal);
  try {
    return await abortable(opening, signal, SOURCE_ABORT_GRACE_MS);
  } catch (error) {
    // It may still open after we have given up on it.
    void opening.then((stream) => stream.close()).catch(() => {});
    throw error;
  }
}

async function endProcesses(context: RunContext): Promise<void> {
  const left = await context.processes.close();
  if (left.length > 0) warn(context, `${left.length} child process(es) were left and have been ended: ${left.join(', ')}`);
}
