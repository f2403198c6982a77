import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isSatsimError, loadRecordedScenario, messageOf, openArtifactArea, readTrace, SatsimError, ScenarioError } from '@satsim/core';
import type {
  EngineEvent,
  EngineHost,
  Exporter,
  ExporterDefinition,
  FlowSample,
  LoadedScenario,
  Logger,
  PluginRegistry,
  RunManifest,
  RunRecord,
  Scenario,
  TickMetrics,
} from '@satsim/core';
import { artifactError } from '@satsim/core/records';
import { parsedConfig } from './parsed-config.js';
import { RecordedLines } from './recorded-lines.js';
import { RecordedStats } from './recorded-stats.js';
import { recordedNetwork } from './recorded-network.js';

const RESULTS = 'results/flows.jsonl';
const EVENTS = 'results/events.jsonl';
const METRICS = 'metrics/ticks.jsonl';

export interface ExportOptions {
  /** The exporter's name. */
  readonly exporter: string;
  /** Where its files go; a folder that is not there yet, or empty. */
  readonly out: string;
  /** Changes to the recorded scenario, above all to the exporter's own block: `exporters.geojson.at=90s`. */
  readonly set?: readonly string[];
  readonly registry: Pick<PluginRegistry, 'load' | 'names'>;
  readonly engine: EngineHost;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** What an exporter wrote. */
export interface Exported {
  readonly runId: string;
  readonly exporter: string;
  /** Absolute. */
  readonly out: string;
  /** Absolute, sorted. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Gives an exporter what the run recorded (ticks, events, results, metrics), as the run would have: the files are the same. Positions are
 * computed anew from the recorded scenario, when the exporter asks for them. The folder is there whole or not at all.
 *
 * @throws SatsimError RUN_STATE for a run that has not ended; ARTIFACTS when it has not recorded what the exporter takes, or that is damaged
 * @throws SatsimError EXPORTER_FAILED, PLUGIN_INVALID; ScenarioError
 */
export async function exportRun(record: RunRecord, options: ExportOptions): Promise<Exported> {
  const { exporter: name, registry, logger, signal } = options;
  const manifest = endedManifest(record);
  const warnings = isCutOff(manifest) ? [`run ${record.runId} did not end in order (${record.status}): what it recorded ends anywhere`] : [];
  const plugin = await registry.load('exporter', name);
  const loaded = await loadRecordedScenario(record.runDir, { laneNames: registry.names('lane'), set: options.set ?? [] });
  if (loaded.scenario === null) throw new ScenarioError(loaded.faults);
  const sound = loaded as LoadedScenario & { readonly scenario: Scenario };
  const config = await parsedConfig(plugin, sound.scenario.exporters[name], ['exporters', name], loaded.locate);
  const out = await freeFolder(options.out);
  const partial = `${out}.partial-${process.pid}`;
  const network = await recordedNetwork({ manifest, runDir: record.runDir, loaded: sound, registry, engine: options.engine, logger, signal });
  try {
    const artifacts = await openArtifactArea(partial, '--out');
    const { run, scenario, nodes, ephemeris } = network;
    const definition: ExporterDefinition = plugin.definition;
    const exporter = definition.create({ config, run, scenario, nodes, logger, artifacts, ephemeris });
    await feed(exporter, name, record, manifest, warnings, signal);
    await rmdir(out).catch(() => undefined);
    await rename(partial, out).catch((error: unknown) => {
      throw artifactError(error, 'write', out, '--out');
    });
  } finally {
    await network.close();
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
  const files = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  return { runId: record.runId, exporter: name, out, files: files.map((entry) => join(entry.parentPath, entry.name)).sort(), warnings };
}

/** The manifest of a run that has ended, however. */
export function endedManifest({ runId, status, manifest, problems }: RunRecord): RunManifest {
  if (manifest === null) throw new SatsimError('ARTIFACTS', `run ${runId} cannot be read: ${problems.join('; ')}`);
  if (status === 'running') throw new SatsimError('RUN_STATE', `run ${runId} still goes on`, { hint: 'wait for its end: `satsim runs logs -f` shows it' });
  return manifest;
}

/** Crashed, or ended at once: its files may end in the middle of a line. */
const isCutOff = ({ traceSha256 }: RunManifest): boolean => traceSha256 === null;

/** @throws SatsimError USAGE when there is something in it, or it is no folder; ARTIFACTS */
export async function freeFolder(folder: string): Promise<string> {
  const out = resolve(folder);
  const there = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') return null;
    throw artifactError(error, 'read', out, '--out');
  });
  if (there?.length === 0) return out;
  throw new SatsimError('USAGE', `${out} is ${there === null ? 'no folder' : 'not empty'}`, { hint: 'name another one with --out, or remove it first' });
}

async function feed(exporter: Exporter, name: string, record: RunRecord, manifest: RunManifest, warnings: string[], signal: AbortSignal): Promise<void> {
  const { runDir, runId } = record;
  const lenient = isCutOff(manifest);
  const recorded = { results: exporter.writeResults && RESULTS, events: exporter.writeEvents && EVENTS };
  for (const [what, path] of Object.entries(recorded)) {
    if (path !== undefined && !manifest.exporters.includes('jsonl'))
      throw new SatsimError('ARTIFACTS', `run ${runId} has recorded no ${what}, which the exporter ${name} takes: there is no ${join(runDir, path)}`, {
        hint: 'they are written by the exporter jsonl: run the scenario again with `--exporter jsonl`',
      });
  }
  if (exporter.writeTick && !manifest.traceRecorded)
    throw new SatsimError('ARTIFACTS', `run ${runId} has recorded no ticks, which the exporter ${name} takes`, {
      hint: 'run the scenario again with execution.record_trace',
    });

  const results = new RecordedLines<FlowSample>(runDir, RESULTS, lenient);
  const events = new RecordedLines<EngineEvent>(runDir, EVENTS, lenient);
  const metrics = new RecordedLines<TickMetrics>(runDir, METRICS, lenient);
  const stats = new RecordedStats(runDir, METRICS);
  /** Everything else that is due with a tick comes after it, as in a run. */
  const rest = async (tickIndex: number, simTimeMs: number): Promise<void> => {
    if (exporter.writeEvents) for await (const batch of events.upTo((event) => event.tickIndex <= tickIndex)) await exporter.writeEvents(batch);
    if (exporter.writeResults) for await (const batch of results.upTo((sample) => sample.simTimeMs <= simTimeMs)) await exporter.writeResults(batch);
    if (exporter.writeMetrics)
      for await (const batch of metrics.upTo((one) => one.tickIndex <= tickIndex)) for (const one of batch) await exporter.writeMetrics(one);
  };
  try {
    await exporter.open();
    if (exporter.writeTick) {
      const trace = await readTrace(runDir, { runId, scenarioRef: manifest.engine?.scenarioRef ?? '', upTo: lenient ? 'damage' : 'end' });
      let ticks = 0;
      for await (const tick of trace.ticks) {
        signal.throwIfAborted();
        await exporter.writeTick(await stats.on(tick));
        await rest(tick.tickIndex, tick.simTimeMs);
        ticks += 1;
      }
      if (trace.damage !== null) warnings.push(trace.damage.message);
      if (!lenient && ticks > manifest.ticks) warnings.push(`${ticks - manifest.ticks} ticks came late and were skipped in the run; here they are`);
    }
    await rest(Infinity, Infinity);
    await exporter.close(manifest.outcome ?? 'failed');
  } catch (error) {
    await exporter.close('failed').catch(() => undefined);
    if (isSatsimError(error) || signal.aborted) throw error;
    throw new SatsimError('EXPORTER_FAILED', `exporter ${name} failed: ${messageOf(error)}`, { cause: error });
  } finally {
    await Promise.all([results, events, metrics, stats].map((lines) => lines.close()));
  }
}
