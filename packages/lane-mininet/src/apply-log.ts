import type { ArtifactArea, ArtifactStream, LaneFigures } from '@satsim/core';
import type { LinkChange } from './shaping/link-changes.js';

/** What one tick cost, milliseconds of the wall clock. */
export interface ApplyEntry {
  readonly tickIndex: number;
  /** Pairs of interfaces that the tick named for the first time; before its changes are put into force. */
  readonly buildMs: number;
  /** From the first change to the kernel's answer to the last. */
  readonly applyMs: number;
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

  /** @param dtMs a tick that takes longer is an overrun */
  constructor(artifacts: ArtifactArea, dtMs: number) {
    this.#artifacts = artifacts;
    this.#dtMs = dtMs;
  }

  async open(): Promise<void> {
    this.#ticks = await this.#artifacts.openStream('apply.jsonl');
    this.#changes = await this.#artifacts.openStream('changes.jsonl');
  }

  async write(entry: ApplyEntry, changes: readonly LinkChange[]): Promise<void> {
    this.#applyMs.push(entry.applyMs);
    if (entry.buildMs + entry.applyMs > this.#dtMs) this.#overruns += 1;
    this.#linksBuilt += entry.linksBuilt;
    this.#routesChanged += entry.routesChanged;
    const line = { ...entry, buildMs: round(entry.buildMs), applyMs: round(entry.applyMs), linksChanged: changes.length };
    await this.#ticks?.write(`${JSON.stringify(line)}\n`);
    const { tickIndex } = entry;
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

const round = (ms: number): number => Math.round(ms * 1000) / 1000;
