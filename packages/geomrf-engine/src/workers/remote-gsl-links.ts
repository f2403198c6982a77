import { Worker } from 'node:worker_threads';
import { EVENT_ROWS, LinkOutput } from '../links/link-output.js';
import type { GslJob, GslTick } from './gsl-job.js';

/** What a step leaves behind is little: more room would only fill before it is cleaned, by up to some 300 MiB. */
const YOUNG_MIB = 8;

/** Ground links that a worker thread computes. {@link close} has to be called, also after a failure. */
export class RemoteGslLinks {
  readonly out: LinkOutput;
  readonly #worker: Worker;
  #answer: PromiseWithResolvers<GslTick> | null = null;
  #failure: Error | null = null;

  constructor(job: GslJob) {
    this.out = new LinkOutput(job.options, job.options.modcods, true);
    this.#worker = new Worker(new URL('./gsl-worker.js', import.meta.url), { workerData: job, resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MIB } });
    this.#worker.on('message', (tick: GslTick) => this.#answer?.resolve(tick));
    this.#worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a worker of the engine ended (${code})`)));
  }

  /** Lets the worker begin with a tick. Numbers of the tick before are in the output by now. */
  start(timeMs: number): void {
    this.#answer = Promise.withResolvers<GslTick>();
    // Whoever waits for it hears of a failure, and it may come before.
    this.#answer.promise.catch(() => undefined);
    if (this.#failure !== null) this.#answer.reject(this.#failure);
    else this.#worker.postMessage(timeMs);
  }

  /** Resolves when the output is that of the tick that was started. @throws what the worker threw, or that it ended */
  async finish(): Promise<void> {
    const { counts, columns, events } = await this.#answer!.promise;
    const { rangeKm, elevationDeg, azimuthDeg, snrDb, marginDb, ...others } = columns;
    Object.assign(this.out, counts, others);
    if (events !== null) for (const name of EVENT_ROWS) Object.assign(this.out.events![name], events[name]);
    const details = { rangeKm, elevationDeg, azimuthDeg, snrDb, marginDb };
    if (this.out.details !== null) Object.assign(this.out.details, Object.fromEntries(Object.entries(details).filter(([, column]) => column !== undefined)));
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#answer?.reject(this.#failure);
  }
}
