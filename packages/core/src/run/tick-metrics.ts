import type { TickMetrics } from '../contract/results.js';
import type { ArtifactStream } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';
import type { RunPace } from './types.js';

interface Pending extends TickMetrics {
  readonly applyMs: Record<string, number>;
  readonly appliedAtMs: Record<string, number>;
}

/** Unix time that an adjusted system clock cannot turn back. */
const wallClockMs = (): number => performance.timeOrigin + performance.now();

/** Gathers what each tick cost and writes it down, in order, when the last lane has applied it. */
export class MetricsRecorder {
  readonly #stream: ArtifactStream;
  readonly #deliver: (metrics: TickMetrics) => Promise<void>;
  /** Lanes that still apply ticks. */
  readonly #lanes: Set<string>;
  readonly #pending: Pending[] = [];
  readonly #tickMs: number | null;
  #ticks = 0;
  #lastTick = -1;
  #late = 0;
  #latestMs = 0;
  #linksEmitted = 0;
  #computeMs = 0;

  /** @param tickMs of the wall clock from tick to tick; `null` for a run without a clock */
  constructor(stream: ArtifactStream, lanes: readonly string[], tickMs: number | null, deliver: (metrics: TickMetrics) => Promise<void>) {
    this.#stream = stream;
    this.#tickMs = tickMs;
    this.#deliver = deliver;
    this.#lanes = new Set(lanes);
  }

  get linksEmitted(): number {
    return this.#linksEmitted;
  }

  /** What the source says that it needed for all ticks so far. */
  get computeMs(): number {
    return this.#computeMs;
  }

  /** `null` before the first tick. */
  get meanComputeMs(): number | null {
    return this.#ticks === 0 ? null : this.#computeMs / this.#ticks;
  }

  /** `null` without a clock. */
  get pace(): RunPace | null {
    return this.#tickMs === null ? null : { lateTicks: this.#late, latestMs: this.#latestMs, skippedTicks: this.#lastTick + 1 - this.#ticks };
  }

  /** Before the tick goes to any lane. */
  delivered({ tickIndex, simTimeMs, stats }: TickUpdate, driftMs: number | null): void {
    this.#ticks += 1;
    this.#lastTick = tickIndex;
    this.#linksEmitted += stats.linksEmitted;
    this.#computeMs += stats.computeMs;
    const { computeMs, translateMs = 0, linksEmitted } = stats;
    this.#pending.push({ tickIndex, simTimeMs, computeMs, translateMs, linksEmitted, driftMs, applyMs: {}, deliveredAtMs: wallClockMs(), appliedAtMs: {} });
  }

  async applied(lane: string, tickIndex: number, ms: number): Promise<void> {
    const metrics = this.#pending.find((pending) => pending.tickIndex === tickIndex);
    if (metrics) {
      metrics.applyMs[lane] = ms;
      metrics.appliedAtMs[lane] = wallClockMs();
    }
    await this.#writeComplete();
  }

  /** The lane applies nothing more: ticks no longer wait for it. */
  async laneEnded(lane: string): Promise<void> {
    this.#lanes.delete(lane);
    await this.#writeComplete();
  }

  async #writeComplete(): Promise<void> {
    while (this.#pending.length > 0) {
      const { applyMs } = this.#pending[0]!;
      for (const lane of this.#lanes) if (!(lane in applyMs)) return;
      const metrics = this.#pending.shift()!;
      this.#judge(metrics);
      await this.#stream.write(`${JSON.stringify(metrics)}\n`);
      await this.#deliver(metrics);
    }
  }

  /** With tick 0 in force time begins: it has nothing to be late for. */
  #judge({ tickIndex, driftMs, deliveredAtMs, appliedAtMs }: Pending): void {
    if (this.#tickMs === null || driftMs === null || tickIndex === 0) return;
    const nextDueMs = deliveredAtMs! - driftMs + this.#tickMs;
    const overMs = Math.max(deliveredAtMs!, ...Object.values(appliedAtMs)) - nextDueMs;
    if (overMs <= 0) return;
    this.#late += 1;
    this.#latestMs = Math.max(this.#latestMs, overMs);
  }
}
