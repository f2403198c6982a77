import { ArtifactStore, makeRunId } from '../artifacts/artifact-store.js';
import { ManifestFile } from '../artifacts/run-manifest.js';
import { SatsimError } from '../errors.js';
import { openRunLog } from '../logging/run-log.js';
import { RunProcesses } from '../process/process-runner.js';
import { Cleanup } from './cleanup.js';
import { conclude, concludeNow } from './conclude.js';
import { asSatsimError } from './errors.js';
import type { Pacer } from './pacer.js';
import { prepare } from './prepare.js';
import { ProgressMeter } from './progress.js';
import { type RunContext, warn } from './run-context.js';
import { RunControl } from './run-control.js';
import { makePacer, stream } from './stream.js';
import type { Run, RunOptions, RunPlan, RunResult, RunState } from './types.js';

/**
 * Makes the run directory, with the inputs and a manifest that says that the run is on its way. Nothing runs yet.
 * @throws SatsimError USAGE for a speed that a lane can't have; ARTIFACTS naming the file: what was made is then removed
 */
export async function createRun(plan: RunPlan, options: RunOptions): Promise<Run> {
  checkSpeed(plan, options);
  const runId = makeRunId(plan.scenario.name, new Date());
  const store = await ArtifactStore.createRun(plan.scenario.paths.artifacts_root, runId, options.chosenBy);
  try {
    const manifest = await ManifestFile.create(store, runId, plan, options);
    const log = openRunLog(store.path('logs/run.jsonl'), runId, options.console);
    const progress = new ProgressMeter(plan.time, options.onProgress, log.logger);
    const control = new RunControl((state) =>
      progress.report(
        state,
        context.lanes.map((lane) => lane.summary),
      ),
    );
    const context: RunContext = {
      plan,
      options,
      runId,
      store,
      manifest,
      log,
      control,
      cleanup: new Cleanup(),
      processes: new RunProcesses(),
      progress,
      warnings: [],
      lanes: [],
      exporters: [],
      results: null,
      metrics: null,
      traceSha256: null,
    };
    return new ActiveRun(context);
  } catch (error) {
    await store.removeAll();
    throw error;
  }
}

/** Real packets take the time that they take, whatever the ticks do. */
function checkSpeed({ lanes }: RunPlan, { speed = 1 }: RunOptions): void {
  const bound = lanes.filter(({ contribution }) => contribution.pacing === 'realtime').map(({ name }) => name);
  if (speed === 1 || bound.length === 0) return;
  const what = bound.length === 1 ? `lane ${bound[0]} runs` : `lanes ${bound.join(', ')} run`;
  throw new SatsimError('USAGE', `${what} at the speed of the clock, not ${speed} times as fast`, { hint: '--speed 1, or other lanes' });
}

class ActiveRun implements Run {
  readonly #context: RunContext;
  readonly #pacer: Pacer;
  readonly #onExit = (): void => this.terminate('the process ended before the run did');
  #pausedAt = 0;

  constructor(context: RunContext) {
    this.#context = context;
    this.#pacer = makePacer(context);
    process.once('exit', this.#onExit);
  }

  get runId(): string {
    return this.#context.runId;
  }

  get runDir(): string {
    return this.#context.store.dir;
  }

  get state(): RunState {
    return this.#context.control.state.current;
  }

  async start(): Promise<RunResult> {
    const { control, log, plan } = this.#context;
    control.state.to('preparing');
    log.logger.info({ lanes: plan.lanes.map(({ name }) => name), source: plan.source.name, tickCount: plan.time.tickCount }, `run ${this.runId}`);
    for (const message of plan.warnings) warn(this.#context, message);
    try {
      control.preparing.throwIfAborted();
      const prepared = await prepare(this.#context);
      control.state.to('running');
      await stream(this.#context, prepared, this.#pacer);
    } catch (error) {
      this.#failed(error);
    }
    control.state.to('finalizing');
    const result = await conclude(this.#context);
    this.#context.results?.close();
    process.off('exit', this.#onExit);
    control.state.to('finished');
    log.close();
    return result;
  }

  async pause(): Promise<void> {
    const { control, lanes } = this.#context;
    control.state.to('paused');
    this.#pausedAt = performance.now();
    control.gate.close();
    await Promise.all(lanes.map((lane) => lane.idle()));
  }

  resume(): void {
    const { control } = this.#context;
    control.state.to('running');
    this.#pacer.shift(performance.now() - this.#pausedAt);
    control.gate.open();
  }

  stop(outcome: 'stopped' | 'interrupted' = 'stopped'): void {
    this.#context.control.stop(outcome);
  }

  abort(): void {
    this.#context.control.abort();
  }

  terminate(reason: string): void {
    if (this.state === 'finished') return;
    this.#context.processes.killNow();
    concludeNow(this.#context, reason);
  }

  /** What a stop or abort brought about while preparing is no failure. */
  #failed(error: unknown): void {
    const { control, log } = this.#context;
    if (control.preparing.aborted && control.state.current === 'preparing') {
      if (error !== control.preparing.reason) log.logger.debug({ err: error }, 'while the run was being stopped');
      return;
    }
    const failure = asSatsimError(error);
    control.fail(failure);
    log.logger.error({ err: error }, failure.message);
  }
}
