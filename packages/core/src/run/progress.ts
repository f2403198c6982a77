import type { Logger } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';
import type { Timebase } from '../scenario/types.js';
import type { LaneSummary, RunProgress, RunState } from './types.js';

/** More often than this nobody can read it. */
const INTERVAL_MS = 100;

/** Knows how far the run is, and tells it now and then. */
export class ProgressMeter {
  readonly #time: Timebase;
  readonly #logger: Logger;
  #tell: ((progress: RunProgress) => void) | null;
  #ticks = 0;
  #simTimeMs: number;
  #driftMs: number | null = null;
  #firstTickAt: number | null = null;
  #toldAt = -Infinity;

  constructor(time: Timebase, tell: ((progress: RunProgress) => void) | undefined, logger: Logger) {
    this.#time = time;
    this.#tell = tell ?? null;
    this.#logger = logger;
    this.#simTimeMs = time.t0Ms;
  }

  get ticks(): number {
    return this.#ticks;
  }

  tick(tick: TickUpdate, driftMs: number | null, state: RunState, lanes: () => readonly LaneSummary[]): void {
    this.#firstTickAt ??= performance.now();
    this.#ticks += 1;
    this.#simTimeMs = tick.simTimeMs;
    this.#driftMs = driftMs;
    if (performance.now() - this.#toldAt >= INTERVAL_MS) this.report(state, lanes());
  }

  report(state: RunState, lanes: readonly LaneSummary[]): void {
    if (!this.#tell) return;
    this.#toldAt = performance.now();
    const { t0Ms, dtMs, tickCount } = this.#time;
    const simulatedMs = this.#ticks === 0 ? 0 : this.#simTimeMs - t0Ms + dtMs;
    const wallMs = this.#firstTickAt === null ? 0 : this.#toldAt - this.#firstTickAt;
    const speedUp = wallMs === 0 ? 0 : simulatedMs / wallMs;
    try {
      this.#tell({ state, ticks: this.#ticks, tickCount, simTimeMs: this.#simTimeMs, speedUp, driftMs: this.#driftMs, lanes });
    } catch (error) {
      this.#tell = null;
      this.#logger.error({ err: error }, 'the progress display failed; it is told nothing more');
    }
  }
}
