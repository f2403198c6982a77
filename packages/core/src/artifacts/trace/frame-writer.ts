import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { FileStream } from '../artifact-stream.js';
import type { TraceFrame } from './trace-files.js';

const compress = promisify(zstdCompress);
/** A checksum of the content: a flipped bit is noticed whoever reads it. Higher levels gain 4 % at most on columns of numbers, or lose as much. */
const OPTIONS = {
  // A frame at once: each further piece is another way to the thread pool and back.
  chunkSize: 1 << 19,
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};
/** Frames that may be on their way to the disk; a source that is quicker waits. */
const MOST_PENDING = 4;

/**
 * Compresses pieces of text in the thread pool, side by side, and writes them in the order they came, each as a zstd frame
 * of its own; the line of the index follows when the frame's bytes are with the system.
 */
export class FrameWriter {
  readonly #file: FileStream;
  readonly #index: FileStream;
  readonly #pending: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();
  #offset = 0;

  constructor(file: FileStream, index: FileStream) {
    this.#file = file;
    this.#index = index;
  }

  /**
   * Resolves when more can be taken.
   * @param text the writer's from now on
   * @throws SatsimError ARTIFACTS when this or an earlier frame can't be written
   */
  async add(text: Uint8Array, firstTick: number, ticks: number): Promise<void> {
    const packed = compress(text, OPTIONS);
    const written = Promise.all([packed, this.#last]).then(([bytes]) => this.#write(bytes, firstTick, ticks));
    // Whoever adds or closes next is told.
    written.catch(() => undefined);
    this.#last = written;
    this.#pending.push(written);
    if (this.#pending.length > MOST_PENDING) await this.#pending.shift();
  }

  /** @throws SatsimError ARTIFACTS */
  async close(): Promise<void> {
    const results = await Promise.allSettled([this.#last]);
    results.push(...(await Promise.allSettled([this.#file.close(), this.#index.close()])));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #write(bytes: Uint8Array, firstTick: number, ticks: number): Promise<void> {
    const frame: TraceFrame = { firstTick, ticks, offset: this.#offset, bytes: bytes.byteLength, sha256: hash('sha256', bytes, 'hex') };
    this.#offset += bytes.byteLength;
    await this.#file.write(bytes);
    await this.#file.flush();
    await this.#index.write(`${JSON.stringify(frame)}\n`);
  }
}
