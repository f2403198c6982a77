import { describeAssertion, evaluateAssertions } from '../artifacts/assertions.js';
import { writeFileHashes } from '../artifacts/file-hashes.js';
import type { RunManifest } from '../artifacts/run-manifest.js';
import { TICK_HASHES_PATH, TRACE_INDEX_PATH, TRACE_PATH } from '../artifacts/trace/trace-files.js';
import { FILE_HASHES_PATH, MANIFEST_PATH, NETWORK_PATH, SUMMARY_PATH } from '../artifacts/run-paths.js';
import { type RunSummary, writeSummary, writeSummaryNow } from '../artifacts/summary.js';
import { ERRORS, SatsimError } from '../errors.js';
import { asSatsimError } from './errors.js';
import type { RunContext } from './run-context.js';
import type { RunResult } from './types.js';

/** Releases everything and writes down how the run ended. The manifest comes last: an outcome in it means that all else is written. */
export async function conclude(context: RunContext): Promise<RunResult> {
  const { control, cleanup, log, store, manifest, plan } = context;
  const failed = (error: SatsimError): void => {
    control.fail(error);
    log.logger.error({ err: error }, error.message);
  };
  for (const { what, error } of await cleanup.run(control.aborting)) {
    log.logger.error({ err: error }, `releasing ${what} failed`);
    control.fail(asSatsimError(error));
  }
  await manifest.releaseReserve().catch((error: unknown) => failed(asSatsimError(error)));
  if (log.failure) control.fail(log.failure);

  const endedAt = new Date().toISOString();
  let result = runResult(context);
  try {
    await writeSummary(store, summaryOf(context, result, endedAt));
    const { outcome, ticks, traceSha256 } = result;
    log.logger.info({ outcome, ticks, traceSha256, tickCount: plan.time.tickCount }, `run ${outcome} after ${ticks} of ${plan.time.tickCount} ticks`);
    // Its last line: from here on the files are what their hashes say.
    log.close();
    await manifest.conclude(conclusionOf(result, endedAt), (content) => writeFileHashes(store, new Map([[MANIFEST_PATH, content]])));
  } catch (error) {
    failed(asSatsimError(error));
    result = runResult(context);
    // What has been written so far may tell of a better end. Each of the two is worth more than none.
    await store.remove(SUMMARY_PATH).catch(() => {});
    await store.remove(FILE_HASHES_PATH).catch(() => {});
    await manifest.update(conclusionOf(result, endedAt)).catch(() => {});
    await writeSummary(store, summaryOf(context, result, endedAt)).catch(() => {});
  }
  return result;
}

/**
 * For a process that is about to exit: writes down how the run ends by it, without waiting or releasing anything. Does
 * nothing when the manifest tells the end already.
 */
export function concludeNow(context: RunContext, reason: string): void {
  const { control, manifest, log, store } = context;
  if (manifest.concluded) return;
  if (control.outcome !== 'interrupted') control.fail(new SatsimError('INTERNAL', reason));
  const result = runResult(context);
  const error = control.failure ? result.error : { code: 'INTERRUPTED', message: reason };
  const endedAt = new Date().toISOString();
  log.logger.error({}, reason);
  try {
    manifest.updateNow(conclusionOf({ ...result, error }, endedAt));
    writeSummaryNow(store, summaryOf(context, { ...result, error }, endedAt));
  } catch (failure) {
    log.logger.error({ err: failure }, asSatsimError(failure).message);
  }
}

function conclusionOf({ outcome, error, ticks, traceSha256 }: RunResult, endedAt: string): Partial<RunManifest> {
  return { outcome, reason: error?.message ?? null, endedAt, ticks, traceSha256 };
}

function runResult(context: RunContext): RunResult {
  const { control, plan, runId, store, progress, lanes, exporters, results } = context;
  const flows = results?.summaries() ?? [];
  const { outcome, failure } = control;
  const names = plan.lanes.map(({ name }) => name);
  const assertions = evaluateAssertions(plan.scenario.assertions, names, flows);
  const broken = assertions.filter(({ ok }) => !ok);
  let error: RunResult['error'] = null;
  let exitCode = 0;
  if (failure) {
    error = { code: failure.code, message: failure.message, ...(failure.hint === undefined ? {} : { hint: failure.hint }) };
    exitCode = failure.exitCode;
  } else if (outcome === 'interrupted') {
    error = { code: 'INTERRUPTED', message: 'the run was interrupted' };
    exitCode = ERRORS.INTERRUPTED.exitCode;
  } else if (broken.length > 0) {
    error = { code: 'ASSERTION_FAILED', message: broken.map(describeAssertion).join('; ') };
    exitCode = ERRORS.ASSERTION_FAILED.exitCode;
  }
  return {
    runId,
    runDir: store.dir,
    outcome,
    ticks: progress.ticks,
    pace: context.metrics?.pace ?? null,
    traceSha256: context.traceSha256,
    lanes: names.map((name) => lanes.find((lane) => lane.name === name)?.summary ?? { name, state: 'stopped', ticks: 0, error: null }),
    exporters: exporters.map((exporter) => exporter.summary),
    flows,
    comparison: results?.comparison() ?? null,
    assertions,
    error,
    exitCode,
  };
}

function summaryOf(context: RunContext, result: RunResult, endedAt: string): RunSummary {
  const { plan, metrics, manifest, warnings, traceSha256 } = context;
  const { startedAt } = manifest.current;
  const durationMs = Date.parse(endedAt) - Date.parse(startedAt);
  const recorded = plan.scenario.execution.record_trace && traceSha256 !== null;
  return {
    ...result,
    startedAt,
    endedAt,
    linksEmitted: metrics?.linksEmitted ?? 0,
    meanComputeMs: metrics?.meanComputeMs ?? null,
    durationMs,
    speedUp: durationMs === 0 ? 0 : (result.ticks * plan.time.dtMs) / durationMs,
    warnings,
    artifacts: {
      summary: SUMMARY_PATH,
      manifest: MANIFEST_PATH,
      scenario: 'manifests/scenario.yaml',
      normalizedScenario: 'manifests/scenario.normalized.json',
      spec: 'manifests/spec.json',
      network: NETWORK_PATH,
      log: 'logs/run.jsonl',
      ...(metrics === null ? {} : { metrics: 'metrics/ticks.jsonl' }),
      ...(recorded ? { trace: TRACE_PATH, traceIndex: TRACE_INDEX_PATH, tickHashes: TICK_HASHES_PATH } : {}),
    },
  };
}
