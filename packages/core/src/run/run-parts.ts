import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { RunLog } from '../logging/run-log.js';
import type { FanoutBus } from '../bus/fanout-bus.js';
import { createRootContainer, type RunScope } from '../container/index.js';
import type { ExporterDeps } from '../contract/exporter.js';
import type { LaneProvenance } from '../contract/provenance.js';
import type { ResultsSink } from '../contract/results.js';
import type { ProcessRunner, RunInfo } from '../contract/services.js';
import type { EngineHost, TickSource } from '../contract/tick-source.js';
import type { TickUpdate } from '../contract/tick.js';
import type { SatsimError } from '../errors.js';
import type { Gate } from './abort.js';
import { exporterError, laneError } from './errors.js';
import { ExporterRunner } from './exporter-runner.js';
import { LaneRunner } from './lane-runner.js';
import type { RunPlan } from './types.js';

/** What lanes are connected with. */
export interface LaneWiring {
  readonly results: ResultsSink;
  /** Closed while the run is paused. */
  readonly gate: Gate;
  readonly onApplied: (lane: string, tick: TickUpdate, ms: number) => Promise<void>;
  /** @throws LaneError when it can't be taken */
  readonly onReport: (lane: string, provenance: Partial<LaneProvenance>) => void;
}

/** Makes the tick source, lanes and exporters of one run out of the container. */
export class RunParts {
  readonly #plan: RunPlan;
  readonly #store: ArtifactStore;
  readonly #log: RunLog;
  readonly #scope: RunScope;

  constructor(plan: RunPlan, runId: string, store: ArtifactStore, log: RunLog, processes: ProcessRunner) {
    this.#plan = plan;
    this.#store = store;
    this.#log = log;
    const root = createRootContainer();
    for (const { definition } of [plan.source, ...plan.lanes, ...plan.exporters]) root.register(definition);
    const { scenario, time, network, loaded } = plan;
    const run: RunInfo = { runId, seed: scenario.seed, ...time, mode: scenario.time.mode };
    this.#scope = root.createRunScope({ run, scenario, nodes: network.nodes, baseDir: loaded.baseDir, processes });
  }

  source(engine: EngineHost): TickSource {
    const { source, loaded, network } = this.#plan;
    const logger = this.#log.child({ source: source.name });
    return this.#scope.createTickSource(source.name, { config: source.config, logger, inputs: network.inputs, locate: loaded.locate, engine });
  }

  /** @throws SatsimError EXPORTER_FAILED */
  exporters(ephemeris: ExporterDeps['ephemeris'], bus: FanoutBus<TickUpdate>, onFailure: (error: SatsimError) => void): readonly ExporterRunner[] {
    return this.#plan.exporters.map(({ name, config, definition }) => {
      const logger = this.#log.child({ exporter: name });
      try {
        const exporter = this.#scope.createExporter(name, { config, logger, artifacts: this.#store, ephemeris });
        const queueLimit = this.#plan.scenario.execution.queue_limit;
        return new ExporterRunner({ name, exporter, overflow: definition.overflow ?? 'block', queueLimit, bus, onFailure });
      } catch (error) {
        throw exporterError(name, 'create', error);
      }
    });
  }

  /** @throws LaneError */
  async lanes({ results, gate, onApplied, onReport }: LaneWiring): Promise<readonly LaneRunner[]> {
    const lanes: LaneRunner[] = [];
    for (const { name, config, definition } of this.#plan.lanes) {
      const logger = this.#log.child({ lane: name });
      const artifacts = await this.#store.area(`lanes/${name}`);
      try {
        const report = (provenance: Partial<LaneProvenance>): void => onReport(name, provenance);
        const adapter = this.#scope.createLane(name, { config, logger, artifacts, results, report });
        lanes.push(
          new LaneRunner({ name, adapter, logger, finalizeLimitMs: definition.finalizeLimitMs, gate, onApplied: (tick, ms) => onApplied(name, tick, ms) }),
        );
      } catch (error) {
        throw laneError(name, 'create', error, null);
      }
    }
    return lanes;
  }

  dispose(): Promise<void> {
    return this.#scope.dispose();
  }
}
