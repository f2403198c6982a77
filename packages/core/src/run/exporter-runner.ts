import { BoundedQueue } from '../bus/bounded-queue.js';
import type { FanoutBus } from '../bus/fanout-bus.js';
import type { Exporter, RunOutcome } from '../contract/exporter.js';
import type { FlowSample, TickMetrics } from '../contract/results.js';
import type { EngineEvent, TickUpdate } from '../contract/tick.js';
import type { SatsimError } from '../errors.js';
import { abortable, within } from './abort.js';
import { exporterError } from './errors.js';
import type { ExporterSummary } from './types.js';

/** What a call at hand is allowed when the run is aborted. */
const ABORT_GRACE_MS = 1_000;
/** What an exporter is allowed for writing what it still holds, and for closing. */
const CLOSE_LIMIT_MS = 60_000;

type Write = () => Promise<void>;

export interface ExporterRunnerOptions {
  readonly name: string;
  readonly exporter: Exporter;
  readonly overflow: 'block' | 'drop-oldest';
  readonly queueLimit: number;
  readonly bus: FanoutBus<TickUpdate>;
  /** Called once, with the first failure. */
  readonly onFailure: (error: SatsimError) => void;
}

/**
 * Feeds one exporter: calls one at a time, ticks through a queue that may lose the oldest, everything else through one
 * that makes its producer wait.
 */
export class ExporterRunner {
  readonly name: string;
  readonly #exporter: Exporter;
  readonly #options: ExporterRunnerOptions;
  readonly #ticks: BoundedQueue<TickUpdate> | null;
  readonly #writes: BoundedQueue<Write>;
  #pumps: Promise<unknown> = Promise.resolve();
  #turn: Promise<void> = Promise.resolve();
  #abandoned = false;
  #written = 0;
  #error: SatsimError | null = null;

  constructor(options: ExporterRunnerOptions) {
    this.name = options.name;
    this.#exporter = options.exporter;
    this.#options = options;
    this.#ticks = options.exporter.writeTick ? options.bus.subscribe(options.queueLimit, options.overflow) : null;
    this.#writes = new BoundedQueue(options.queueLimit);
  }

  get summary(): ExporterSummary {
    return { name: this.name, ticks: this.#written, dropped: this.#ticks?.dropped ?? 0, error: this.#error?.message ?? null };
  }

  get wantsEvents(): boolean {
    return this.#exporter.writeEvents !== undefined;
  }

  /** @throws SatsimError EXPORTER_FAILED; the signal's reason when aborted */
  async open(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    try {
      await abortable(
        Promise.resolve().then(() => this.#exporter.open()),
        signal,
        ABORT_GRACE_MS,
      );
    } catch (error) {
      signal.throwIfAborted();
      throw this.#fail('open', error);
    }
    const exporter = this.#exporter;
    const writeTick = async (tick: TickUpdate): Promise<void> => {
      await exporter.writeTick?.(tick);
      this.#written += 1;
    };
    const ticks = this.#ticks && this.#pump(this.#ticks, 'tick', writeTick);
    this.#pumps = Promise.all([ticks, this.#pump(this.#writes, 'write', (write) => write())]);
  }

  async writeEvents(events: readonly EngineEvent[]): Promise<void> {
    if (this.#exporter.writeEvents) await this.#writes.push(() => this.#exporter.writeEvents!(events));
  }

  async writeResults(samples: readonly FlowSample[]): Promise<void> {
    if (this.#exporter.writeResults) await this.#writes.push(() => this.#exporter.writeResults!(samples));
  }

  async writeMetrics(metrics: TickMetrics): Promise<void> {
    if (this.#exporter.writeMetrics) await this.#writes.push(() => this.#exporter.writeMetrics!(metrics));
  }

  /** Gives up what is queued, so that nobody waits for this exporter any more. */
  abandon(): void {
    this.#abandoned = true;
    this.#endQueues('discard');
  }

  /**
   * Writes what is queued, unless abandoned, and closes.
   * @param aborting from when it aborts, the exporter has a short time only; what it then does not manage is told in its
   * summary, but is no failure of the run: who aborts a run asks for no more
   * @throws SatsimError EXPORTER_FAILED
   */
  async close(outcome: RunOutcome, aborting: AbortSignal): Promise<void> {
    this.#endQueues('drain');
    const steps = [() => this.#pumps, () => this.#exporter.close(outcome)];
    for (const step of steps) {
      try {
        await abortable(within(Promise.resolve().then(step), CLOSE_LIMIT_MS, 'it'), aborting, ABORT_GRACE_MS);
      } catch (error) {
        const failure = this.#fail('close', error);
        if (!aborting.aborted) throw failure;
      }
    }
  }

  async #pump<T>(queue: BoundedQueue<T>, doing: string, write: (item: T) => Promise<void>): Promise<void> {
    for (let item = await queue.take(); item !== undefined; item = await queue.take()) {
      const now = item;
      const done = this.#turn.then(() => (this.#error ? undefined : write(now)));
      this.#turn = done.then(
        () => {},
        () => {},
      );
      try {
        await done;
      } catch (error) {
        const failure = this.#fail(doing, error);
        if (!this.#abandoned) this.#options.onFailure(failure);
        this.#endQueues('discard');
      }
    }
  }

  #endQueues(mode: 'drain' | 'discard'): void {
    this.#ticks?.close(mode);
    this.#writes.close(mode);
  }

  #fail(doing: string, error: unknown): SatsimError {
    const failure = exporterError(this.name, doing, error);
    this.#error ??= failure;
    return failure;
  }
}
