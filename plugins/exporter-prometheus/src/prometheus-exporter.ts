import { join } from 'node:path';
import {
  type EngineEvent,
  type EngineEventType,
  type Exporter,
  type ExporterDeps,
  type FlowSample,
  SatsimError,
  type TickMetrics,
  type TickUpdate,
} from '@satsim/core';
import type { Config } from './config.js';
import { FAMILIES, type Family, type Labels } from './families.js';
import { FlowMetrics } from './flow-metrics.js';
import { LiveMetrics } from './live-metrics.js';
import { MetricsServer } from './metrics-server.js';
import { writeOpenMetrics } from './openmetrics-file.js';
import { SeriesSpool } from './series-spool.js';
import { LINK_KINDS, UpLinks } from './up-links.js';

export const METRICS_FILE = 'results/metrics.openmetrics.txt';
const SPOOL_FILE = '.metrics.openmetrics.spool';

const EVENT_TYPES: readonly EngineEventType[] = ['link_up', 'link_down', 'handover', 'modcod_change', 'pass_start', 'pass_end'];

type Deps = Pick<ExporterDeps<Config>, 'config' | 'run' | 'scenario' | 'logger' | 'artifacts'>;

/** Keeps the present values for whoever asks over HTTP, and all values in sim time for the file that `close` writes. */
export class PrometheusExporter implements Exporter {
  readonly #deps: Deps;
  readonly #live = new LiveMetrics();
  readonly #upLinks = new UpLinks();
  readonly #flows = new Map<string, FlowMetrics>();
  readonly #scenarioFlows: ReadonlySet<string>;
  readonly #foreignFlows = new Set<string>();
  #open: { readonly spool: SeriesSpool; readonly server: MetricsServer | null } | null = null;
  #endMs: number;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#endMs = deps.run.t0Ms;
    this.#scenarioFlows = new Set(deps.scenario.traffic.map(({ id }) => id));
  }

  async open(): Promise<void> {
    const { config, logger, artifacts } = this.#deps;
    const spool = await SeriesSpool.create(join(artifacts.dir, SPOOL_FILE));
    try {
      const server = config.listen ? await MetricsServer.listen(config.host, config.port, () => this.#live.exposition()) : null;
      this.#open = { spool, server };
      if (server) logger.info({ url: server.url }, `metrics at ${server.url}`);
    } catch (error) {
      await spool.close();
      throw error;
    }
    this.#begin(spool);
  }

  async writeTick(tick: TickUpdate): Promise<void> {
    const { spool } = this.#opened();
    const { simTimeMs, updates, removals } = tick;
    this.#upLinks.apply(tick);
    this.#add(spool, FAMILIES.ticks, {}, 1, simTimeMs);
    this.#add(spool, FAMILIES.linkUpdates, {}, updates.length, simTimeMs);
    this.#add(spool, FAMILIES.linkRemovals, {}, removals.length, simTimeMs);
    for (const kind of LINK_KINDS) this.#set(spool, FAMILIES.linksUp, { kind }, this.#upLinks.count(kind), simTimeMs);
    this.#live.setSimTime(simTimeMs);
    this.#endMs = simTimeMs;
    await spool.flush();
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    const { spool } = this.#opened();
    for (const { type, simTimeMs } of events) this.#add(spool, FAMILIES.events, { type }, 1, simTimeMs);
    await spool.flush();
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    const { spool } = this.#opened();
    for (const sample of samples) {
      if (this.#scenarioFlows.has(sample.flow)) this.#writeSample(spool, sample);
      else this.#refuseFlow(sample);
    }
    await spool.flush();
  }

  async writeMetrics({ simTimeMs, computeMs, driftMs, applyMs }: TickMetrics): Promise<void> {
    const { spool } = this.#opened();
    this.#live.observe(FAMILIES.tickCompute, {}, computeMs / 1000);
    for (const [lane, ms] of Object.entries(applyMs)) this.#live.observe(FAMILIES.laneApply, { lane }, ms / 1000);
    if (driftMs !== null) this.#set(spool, FAMILIES.tickDrift, {}, driftMs / 1000, simTimeMs);
    await spool.flush();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (!open) return;
    try {
      await open.server?.close();
      if (open.spool.late > 0)
        this.#deps.logger.warn({ late: open.spool.late }, `${open.spool.late} samples came out of the order of sim time and are not in ${METRICS_FILE}`);
      const out = await this.#deps.artifacts.openStream(METRICS_FILE);
      try {
        await writeOpenMetrics(out, open.spool, this.#live, this.#endMs);
      } finally {
        await out.close();
      }
    } finally {
      await open.spool.close();
    }
  }

  /** What is known before the first tick. Counters begin at zero, so that a first increment is seen as one. */
  #begin(spool: SeriesSpool): void {
    const { run, scenario } = this.#deps;
    const { t0Ms, runId, seed, mode, tickCount } = run;
    this.#set(spool, FAMILIES.run, { run_id: runId, scenario: scenario.name, seed: String(seed), mode }, 1, t0Ms);
    this.#set(spool, FAMILIES.plannedTicks, {}, tickCount, t0Ms);
    for (const family of [FAMILIES.ticks, FAMILIES.linkUpdates, FAMILIES.linkRemovals]) this.#add(spool, family, {}, 0, t0Ms);
    for (const type of EVENT_TYPES) this.#add(spool, FAMILIES.events, { type }, 0, t0Ms);
  }

  #writeSample(spool: SeriesSpool, sample: FlowSample): void {
    const { flow, lane, simTimeMs } = sample;
    const key = `${flow}\n${lane}`;
    const metrics = this.#flows.get(key) ?? new FlowMetrics();
    this.#flows.set(key, metrics);
    for (const [family, value] of metrics.gauges(sample)) this.#set(spool, family, { flow, lane }, value, simTimeMs);
    this.#add(spool, FAMILIES.flowPathChanges, { flow, lane }, metrics.pathChange(sample), simTimeMs);
  }

  /** A lane may report what it likes; as a label it would have no bound. */
  #refuseFlow({ flow, lane }: FlowSample): void {
    if (this.#foreignFlows.has(lane)) return;
    this.#foreignFlows.add(lane);
    this.#deps.logger.warn({ flow, lane }, `lane ${lane} reports the flow ${flow}, which is not in the scenario: such flows have no metrics`);
  }

  #set(spool: SeriesSpool, family: Family, labels: Labels, value: number, timeMs: number): void {
    this.#live.set(family, labels, value);
    spool.set(family, labels, value, timeMs);
  }

  #add(spool: SeriesSpool, family: Family, labels: Labels, increment: number, timeMs: number): void {
    this.#live.add(family, labels, increment);
    spool.add(family, labels, increment, timeMs);
  }

  #opened() {
    if (!this.#open) throw new SatsimError('EXPORTER_FAILED', 'exporter prometheus: a write came before open or after close');
    return this.#open;
  }
}
