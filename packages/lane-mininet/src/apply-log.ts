import type { ArtifactArea, ArtifactStream } from '@satsim/core';
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

  constructor(artifacts: ArtifactArea) {
    this.#artifacts = artifacts;
  }

  async open(): Promise<void> {
    this.#ticks = await this.#artifacts.openStream('apply.jsonl');
    this.#changes = await this.#artifacts.openStream('changes.jsonl');
  }

  async write(entry: ApplyEntry, changes: readonly LinkChange[]): Promise<void> {
    const round = (ms: number): number => Math.round(ms * 1000) / 1000;
    const line = { ...entry, buildMs: round(entry.buildMs), applyMs: round(entry.applyMs), linksChanged: changes.length };
    await this.#ticks?.write(`${JSON.stringify(line)}\n`);
    const { tickIndex } = entry;
    if (changes.length > 0) await this.#changes?.write(changes.map((change) => `${JSON.stringify({ tickIndex, ...change })}\n`).join(''));
  }

  async close(): Promise<void> {
    await this.#ticks?.close();
    await this.#changes?.close();
  }
}
