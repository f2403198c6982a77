import type { ArtifactArea, ArtifactStream } from '@satsim/core';

const FILE = 'apply.jsonl';

/** What one tick cost, milliseconds of the wall clock. */
export interface ApplyEntry {
  readonly tickIndex: number;
  /** Pairs of interfaces that the tick named for the first time; before its changes are put into force. */
  readonly buildMs: number;
  /** From the first change to the kernel's answer to the last. */
  readonly applyMs: number;
  readonly linksBuilt: number;
  readonly linksChanged: number;
  readonly routesChanged: number;
}

/** `apply.jsonl` in the lane's folder: one line a tick. */
export class ApplyLog {
  readonly #artifacts: ArtifactArea;
  #stream: ArtifactStream | null = null;

  constructor(artifacts: ArtifactArea) {
    this.#artifacts = artifacts;
  }

  async open(): Promise<void> {
    this.#stream = await this.#artifacts.openStream(FILE);
  }

  async write(entry: ApplyEntry): Promise<void> {
    const round = (ms: number): number => Math.round(ms * 1000) / 1000;
    await this.#stream?.write(`${JSON.stringify({ ...entry, buildMs: round(entry.buildMs), applyMs: round(entry.applyMs) })}\n`);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
  }
}
