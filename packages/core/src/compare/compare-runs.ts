import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unreadable } from '../artifacts/artifact-error.js';
import { findRun } from '../artifacts/find-run.js';
import type { RunRecord, RunStatus } from '../artifacts/read-run.js';
import type { RunManifest } from '../artifacts/run-manifest.js';
import type { Scenario } from '../contract/scenario.js';
import { SatsimError } from '../errors.js';
import type { FlowComparison } from './compare-series.js';
import { type ComparedRun, Comparison, type Unreported } from './comparison.js';
import { type DifferingField, DifferingFields } from './differing.js';
import { readSamples, RESULTS_PATH } from './read-samples.js';
import type { Tolerances } from './tolerance.js';

/** What `satsim compare --format json` prints. */
export interface RunsCompared {
  readonly runs: readonly { readonly runId: string; readonly name: string; readonly status: RunStatus; readonly lanes: readonly string[] }[];
  /** In the order of the runs: fields of the normalised scenario, inputs and versions that differ. Empty for a single run. */
  readonly configuration: readonly DifferingField[];
  readonly flows: readonly FlowComparison[];
  readonly unreported: readonly Unreported[];
}

interface Loaded {
  readonly record: RunRecord & { readonly manifest: RunManifest };
  readonly scenario: Pick<Scenario, 'traffic'>;
}

/**
 * Every lane of every run against the first lane of the first run, flow by flow. Any number of runs: no more of them is in memory
 * at a time than the first and another one.
 * @param ids of runs below the root, the beginnings of them, or folders of runs anywhere
 * @throws SatsimError ARTIFACTS for a run that is not there, is broken, has not ended, or has no results
 * @throws SatsimError USAGE for the path of something else, and when there is nothing to be compared with
 */
export async function compareRuns(artifactsRoot: string, ids: readonly string[], tolerances: Tolerances): Promise<RunsCompared> {
  const differing = new DifferingFields();
  const runs = new Map<string, { readonly listed: RunsCompared['runs'][number]; readonly run: ComparedRun; readonly results: string }>();
  for (const id of ids) {
    const { record, scenario } = await load(artifactsRoot, id);
    const { runId, runDir, status, manifest } = record;
    // Runs of core 1.0 do not say which lanes are statistical.
    const { name, lanes, statisticalLanes }: Omit<RunManifest, 'statisticalLanes'> & Partial<RunManifest> = manifest;
    if (runs.has(runId)) throw new SatsimError('USAGE', `run ${runId} is named twice`);
    const run: ComparedRun = { runId, lanes, statistical: statisticalLanes ?? [], traffic: scenario.traffic };
    runs.set(runId, { listed: { runId, name, status, lanes }, run, results: join(runDir, RESULTS_PATH) });
    differing.add({ ...scenario, ...versionsOf(manifest) });
  }
  const [only] = [...runs.values()];
  if (runs.size === 1 && only!.run.lanes.length === 1)
    throw new SatsimError('USAGE', `run ${only!.run.runId} has one lane only (${only!.run.lanes[0]}): there is nothing to compare it with`, {
      hint: 'name another run, or run the scenario with more lanes: --lane flow --lane ns3',
    });

  const comparison = new Comparison(tolerances);
  for (const { run, results } of runs.values()) {
    comparison.begin(run);
    await readSamples(results, (sample) => comparison.add(sample));
  }
  return {
    runs: [...runs.values()].map(({ listed }) => listed),
    configuration: differing.result(),
    flows: comparison.result(),
    unreported: comparison.unreported(),
  };
}

async function load(artifactsRoot: string, id: string): Promise<Loaded> {
  const record = await findRun(artifactsRoot, id);
  const { runId, runDir, status, manifest, problems } = record;
  if (manifest === null) throw new SatsimError('ARTIFACTS', `run ${runId} cannot be read: ${problems.join('; ')}`);
  if (status === 'running')
    throw new SatsimError('ARTIFACTS', `run ${runId} has not ended yet`, { hint: 'wait for it; `satsim list-runs` shows how far it is' });
  if (status === 'crashed') throw new SatsimError('ARTIFACTS', `run ${runId} crashed: its results end anywhere`, { hint: 'run the scenario again' });
  const [path, results] = [join(runDir, 'manifests/scenario.normalized.json'), join(runDir, RESULTS_PATH)];
  if (!manifest.exporters.includes('jsonl'))
    throw new SatsimError('ARTIFACTS', `run ${runId} has recorded no results: there is no ${results}`, {
      hint: 'they are written by the exporter jsonl: run the scenario again with `--exporter jsonl`',
    });
  try {
    const scenario = JSON.parse(await readFile(path, 'utf8')) as Scenario;
    if (!Array.isArray(scenario?.traffic)) throw new SyntaxError('there is no traffic');
    return { record: { ...record, manifest }, scenario };
  } catch (error) {
    if (error instanceof SyntaxError) throw new SatsimError('ARTIFACTS', `${path} is not what satsim writes there: ${error.message}`);
    throw unreadable(error, path);
  }
}

/** What beside the scenario decides about results. */
function versionsOf({ components, inputs, engine, source, lanes, provenance = {} }: RunManifest): Record<string, unknown> {
  const versions = components.map(({ name, version, gitSha }) => [name, gitSha === null ? version : `${version} (${gitSha.slice(0, 8)})`]);
  return {
    'lanes of the run': lanes.join(', '),
    'tick source': source,
    inputs: Object.fromEntries(inputs.map(({ path, sha256 }) => [basename(path), sha256])),
    versions: { ...Object.fromEntries(versions), engine: engine?.engineVersion },
    'software of lanes': Object.fromEntries(
      Object.entries(provenance).map(([lane, { software }]) => [
        lane,
        Object.fromEntries(software.map(({ name, version, details }) => [name, { version, ...details }])),
      ]),
    ),
  };
}
