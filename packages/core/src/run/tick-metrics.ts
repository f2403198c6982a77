import type { TickMetrics } from '../contract/results.js';
import type { ArtifactStream } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';

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
  #ticks = 0;
  #linksEmitted = 0;
  #computeMs = 0;

  constructor(stream: ArtifactStream, lanes: readonly string[], deliver: (metrics: TickMetrics) => Promise<void>) {
    this.#stream = stream;
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

  /** Before the tick goes to any lane. */
  delivered({ tickIndex, simTimeMs, stats }: TickUpdate, driftMs: number | null): void {
    this.#ticks += 1;
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
      await this.#stream.write(`${JSON.stringify(metrics)}\n`);
      await this.#deliver(metrics);
    }
  }
}
