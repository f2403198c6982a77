import { dirname } from 'node:path';
import { loadRecordedScenario, planRun, SatsimError, ScenarioError } from '@satsim/core';
import type { EngineHost, Logger, PluginRegistry, RunPlan, RunRecord, TickStream } from '@satsim/core';

const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

export interface Recomputing {
  readonly plan: RunPlan;
  readonly stream: TickStream;
}

/**
 * Opens the tick source of a recorded run again, on what the run directory holds. Lanes and exporters have no say in ticks:
 * those of the run need not be there.
 *
 * @throws ScenarioError, SatsimError
 */
export async function recompute(record: RunRecord, registry: PluginRegistry, engine: EngineHost, signal: AbortSignal): Promise<Recomputing> {
  const laneNames = [...registry.names('lane'), ...(record.manifest?.lanes ?? [])];
  const loaded = await loadRecordedScenario(record.runDir, { laneNames });
  if (loaded.scenario === null) throw new ScenarioError(loaded.faults);
  const scenario = {
    ...loaded.scenario,
    lanes: ['flow'],
    exporters: {},
    assertions: [],
    execution: { ...loaded.scenario.execution, strict_reproducible: false, record_pcap: false },
  };
  const plan = await planRun({ ...loaded, scenario }, registry, { lanes: ['flow'], checkEnvironment: false, signal });
  checkRecording(record, plan);
  const run = { runId: record.runId, seed: scenario.seed, mode: scenario.time.mode, ...plan.time };
  const { source, network } = plan;
  const deps = { config: source.config, run, scenario, baseDir: dirname(loaded.file), inputs: network.inputs, locate: loaded.locate, logger: SILENT, engine };
  return { plan, stream: await source.definition.create(deps).open(signal) };
}

/** A run that was a replay is as sure as what it played. */
function checkRecording({ runId, manifest }: RunRecord, { network: { recording } }: RunPlan): void {
  const then = manifest?.recording?.sha256;
  if (recording === undefined || then === undefined || recording.sha256 === then) return;
  throw new SatsimError(
    'VERIFICATION_FAILED',
    `${recording.path}, which run ${runId} played, is not what it was: its SHA-256 is ${recording.sha256}, then it was ${then}`,
  );
}
