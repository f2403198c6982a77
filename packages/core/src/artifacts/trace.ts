import { createHash, hash } from 'node:crypto';
import type { ArtifactStream } from '../contract/services.js';
import type { TickUpdate } from '../contract/tick.js';
import type { ArtifactStore } from './artifact-store.js';
import { TickText } from './tick-text.js';

const TRACE_FORMAT = 'satsim-trace/1';

/** Line 1 of a trace: what the ticks depend on. Times in milliseconds, `t0` since the Unix epoch. */
export interface TraceHeader {
  readonly seed: number;
  readonly t0: number;
  readonly dt: number;
  readonly specSha256: string;
  readonly engineVersion: string;
}

/** Keys sorted, with a newline. */
function headerLine({ dt, engineVersion, seed, specSha256, t0 }: TraceHeader): string {
  return `${JSON.stringify({ dt, engineVersion, format: TRACE_FORMAT, seed, specSha256, t0 })}\n`;
}

interface TraceStreams {
  readonly ticks: ArtifactStream;
  readonly hashes: ArtifactStream;
}

/**
 * Hashes every tick and, when it records, writes `traces/ticks.jsonl` (the hash of the run is the SHA-256 of exactly this
 * file) and `traces/ticks.sha256` (one line a tick: index, SHA-256 of the tick's line with its newline).
 */
export class TraceRecorder {
  readonly #text = new TickText();
  readonly #hash = createHash('sha256');
  readonly #streams: TraceStreams | null;
  #complete = true;

  private constructor(streams: TraceStreams | null) {
    this.#streams = streams;
  }

  static async open(store: ArtifactStore, header: TraceHeader, record: boolean): Promise<TraceRecorder> {
    const recorder = new TraceRecorder(
      record ? { ticks: await store.openStream('traces/ticks.jsonl'), hashes: await store.openStream('traces/ticks.sha256') } : null,
    );
    const line = headerLine(header);
    recorder.#hash.update(line);
    await recorder.#streams?.ticks.write(line);
    return recorder;
  }

  async add(tick: TickUpdate): Promise<void> {
    // Incomplete until the whole tick is in: whatever throws on the way leaves it so.
    const complete = this.#complete;
    this.#complete = false;
    const line = this.#text.line(tick);
    this.#hash.update(line);
    if (this.#streams) {
      const bytes = Buffer.from(line);
      await this.#streams.hashes.write(`${tick.tickIndex} ${hash('sha256', bytes, 'hex')}\n`);
      await this.#streams.ticks.write(bytes);
    }
    this.#complete = complete;
  }

  /**
   * @returns the hash of the run; `null` when a tick is missing from it
   * @throws SatsimError ARTIFACTS when the rest can't be written
   */
  async close(): Promise<string | null> {
    const sha256 = this.#hash.digest('hex');
    const closed = await Promise.allSettled([this.#streams?.ticks.close(), this.#streams?.hashes.close()]);
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
    return this.#complete ? sha256 : null;
  }
}
