import type { BoundedQueue } from '../bus/bounded-queue.js';
import type { LaneAdapter, LaneFigures } from '../contract/lane.js';
import type { Logger } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';
import type { LaneError } from '../errors.js';
import { abortable, type Gate, within } from './abort.js';
import { laneError } from './errors.js';
import type { LaneState, LaneSummary } from './types.js';

/** What a lane is allowed between the abort and its rejection. */
const ABORT_GRACE_MS = 1_000;
/** A lane that hangs at its end must not hang the run; one that says so may take longer. */
export const FINALIZE_LIMIT_MS = 10_000;
const HURRIED_FINALIZE_LIMIT_MS = 2_000;

export interface LaneRunnerOptions {
  readonly name: string;
  readonly adapter: LaneAdapter;
  readonly logger: Logger;
  /** What the lane says that its end may take. */
  readonly finalizeLimitMs?: number | undefined;
  /** Closed while the run is paused. */
  readonly gate: Gate;
  /** After each tick; the next one waits for it. */
  readonly onApplied: (tick: TickUpdate, ms: number) => Promise<void>;
}

/** Owns a lane's state, the order of its calls, their timing and their abort. */
export class LaneRunner {
  readonly name: string;
  readonly #adapter: LaneAdapter;
  readonly #logger: Logger;
  readonly #finalizeLimitMs: number;
  readonly #gate: Gate;
  readonly #onApplied: LaneRunnerOptions['onApplied'];
  #state: LaneState = 'preparing';
  #ticks = 0;
  #error: LaneError | null = null;
  #figures: LaneFigures | null = null;
  #inHand: Promise<void> = Promise.resolve();
  readonly #first = Promise.withResolvers<void>();

  constructor({ name, adapter, logger, finalizeLimitMs = FINALIZE_LIMIT_MS, gate, onApplied }: LaneRunnerOptions) {
    this.name = name;
    this.#adapter = adapter;
    this.#logger = logger;
    this.#finalizeLimitMs = finalizeLimitMs;
    this.#gate = gate;
    this.#onApplied = onApplied;
  }

  get error(): LaneError | null {
    return this.#error;
  }

  get summary(): LaneSummary {
    const figures = this.#figures === null ? {} : { figures: this.#figures };
    return { name: this.name, state: this.#state, ticks: this.#ticks, error: this.#error?.message ?? null, ...figures };
  }

  /** Resolves when the lane has its first tick in force, or takes none any more. */
  get hasFirst(): Promise<void> {
    return this.#first.promise;
  }

  /** Resolves when the tick that the lane works on, if any, is done with. */
  idle(): Promise<void> {
    return this.#inHand;
  }

  /** @throws LaneError; the signal's reason when aborted */
  async prepare(signal: AbortSignal): Promise<void> {
    try {
      await abortable(this.#adapter.prepare(signal), signal, ABORT_GRACE_MS);
      this.#state = 'ready';
    } catch (error) {
      if (signal.aborted) {
        this.#state = 'stopped';
        throw signal.reason;
      }
      throw this.#fail('prepare', error, null);
    }
  }

  /**
   * Applies ticks until the queue ends or the signal aborts.
   * @throws LaneError naming the tick; the queue then refuses everything
   */
  async run(queue: BoundedQueue<TickUpdate>, signal: AbortSignal): Promise<void> {
    this.#state = 'running';
    try {
      for (;;) {
        const tick = await queue.take();
        // Asked again after each wait: a pause that begins now must find the lane either idle or with a tick in hand.
        while (this.#gate.closed) await this.#gate.pass();
        if (tick === undefined || signal.aborted) break;
        const done = this.#apply(tick, signal);
        this.#inHand = done.then(
          () => {},
          () => {},
        );
        await done;
        this.#first.resolve();
      }
    } catch (error) {
      queue.close('discard');
      throw error;
    } finally {
      this.#first.resolve();
    }
    this.#state = 'stopped';
  }

  async #apply(tick: TickUpdate, signal: AbortSignal): Promise<void> {
    const started = performance.now();
    try {
      await abortable(this.#adapter.applyTick(tick, signal), signal, ABORT_GRACE_MS);
    } catch (error) {
      if (!signal.aborted) throw this.#fail('tick', error, tick.tickIndex);
      this.#logger.debug({ err: error, tick: tick.tickIndex }, `aborted in tick ${tick.tickIndex}`);
      return;
    }
    this.#ticks += 1;
    await this.#onApplied(tick, performance.now() - started);
  }

  /**
   * Lets a lane that has had every tick do what needs all of them.
   * @throws LaneError
   */
  async complete(signal: AbortSignal): Promise<void> {
    if (this.#state === 'error' || !this.#adapter.complete) return;
    this.#state = 'running';
    try {
      await abortable(this.#adapter.complete(signal), signal, ABORT_GRACE_MS);
    } catch (error) {
      if (!signal.aborted) throw this.#fail('complete', error, null);
      this.#logger.debug({ err: error }, 'aborted in complete');
    }
    this.#state = 'stopped';
  }

  /**
   * @param aborting from when it aborts, the lane has a short time only
   * @throws LaneError
   */
  async finalize(aborting: AbortSignal): Promise<void> {
    try {
      await within(
        Promise.resolve().then(() => this.#adapter.finalize()),
        this.#finalizeLimitMs,
        'it',
        { signal: aborting, limitMs: HURRIED_FINALIZE_LIMIT_MS },
      );
    } catch (error) {
      throw this.#fail('finalize', error, null);
    } finally {
      this.#takeFigures();
    }
    if (this.#state !== 'error') this.#state = 'stopped';
  }

  /** What the lane has counted is worth having after a failure too; that it can't say it is none. */
  #takeFigures(): void {
    try {
      this.#figures = this.#adapter.figures?.() ?? null;
    } catch (error) {
      this.#logger.warn({ err: error }, `lane ${this.name} cannot tell its figures`);
    }
  }

  #fail(doing: string, error: unknown, tickIndex: number | null): LaneError {
    const failure = laneError(this.name, doing, error, tickIndex);
    this.#error ??= failure;
    this.#state = 'error';
    this.#logger.error({ err: error, ...(tickIndex === null ? {} : { tick: tickIndex }) }, failure.message);
    return failure;
  }
}
