import type { ArtifactArea, ArtifactStream, LaneFigures } from '@satsim/core';
import type { LinkChange } from './shaping/link-changes.js';

/** When a tick took its steps, Unix milliseconds, and what it changed. */
export interface ApplyEntry {
  readonly tickIndex: number;
  readonly arrivedAtMs: number;
  /** Pairs of interfaces that it names for the first time are there, and its first change is sent. */
  readonly begunAtMs: number;
  /** The kernel has answered to the last change. */
  readonly inForceAtMs: number;
  readonly linksBuilt: number;
  readonly routesChanged: number;
}

/** In the lane's folder: `apply.jsonl`, one line a tick, and `changes.jsonl`, what a tick asked for of each directed link that it changed. */
export class ApplyLog {
  readonly #artifacts: ArtifactArea;
  #ticks: ArtifactStream | null = null;
  #changes: ArtifactStream | null = null;
  readonly #dtMs: number;
  /** Of each tick. */
  readonly #applyMs: number[] = [];
  #overruns = 0;
  #linksBuilt = 0;
  #routesChanged = 0;

  /** @param dtMs a tick that takes longer is an overrun, but for the first: time begins when that is in force */
  constructor(artifacts: ArtifactArea, dtMs: number) {
    this.#artifacts = artifacts;
    this.#dtMs = dtMs;
  }

  async open(): Promise<void> {
    this.#ticks = await this.#artifacts.openStream('apply.jsonl');
    this.#changes = await this.#artifacts.openStream('changes.jsonl');
  }

  async write(entry: ApplyEntry, changes: readonly LinkChange[]): Promise<void> {
    const { tickIndex, arrivedAtMs, begunAtMs, inForceAtMs, linksBuilt, routesChanged } = entry;
    const [buildMs, applyMs] = [begunAtMs - arrivedAtMs, inForceAtMs - begunAtMs];
    this.#applyMs.push(applyMs);
    if (tickIndex > 0 && buildMs + applyMs > this.#dtMs) this.#overruns += 1;
    this.#linksBuilt += linksBuilt;
    this.#routesChanged += routesChanged;
    const times = { arrivedAtMs: round(arrivedAtMs), begunAtMs: round(begunAtMs), inForceAtMs: round(inForceAtMs) };
    const durations = { buildMs: round(buildMs), applyMs: round(applyMs), budgetMs: this.#dtMs };
    const line = { tickIndex, ...times, ...durations, linksBuilt, routesChanged, linksChanged: changes.length };
    await this.#ticks?.write(`${JSON.stringify(line)}\n`);
    if (changes.length > 0) await this.#changes?.write(changes.map((change) => `${JSON.stringify({ tickIndex, ...change })}\n`).join(''));
  }

  /** Of all ticks so far. */
  figures(): LaneFigures {
    const sorted = this.#applyMs.toSorted((a, b) => a - b);
    if (sorted.length === 0) return {};
    const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
    const times = { applyMedianMs: at(0.5), applyP99Ms: at(0.99), applyMaxMs: at(1) };
    return { ...times, ticksLongerThanDt: this.#overruns, linkPairsBuilt: this.#linksBuilt, routesChanged: this.#routesChanged };
  }

  async close(): Promise<void> {
    await this.#ticks?.close();
    await this.#changes?.close();
  }
}

/** Unix time that an adjusted system clock cannot turn back. */
export const wallClockMs = (): number => performance.timeOrigin + performance.now();

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
