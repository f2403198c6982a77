import { hash } from 'node:crypto';
import { constants, createZstdCompress } from 'node:zlib';
import type { FileStream } from '../artifact-stream.js';
import type { TraceFrame } from './trace-files.js';

const OPTIONS = {
  // What the pieces of one frame become is handed over at once: each further piece is another way to the thread pool and back.
  chunkSize: 1 << 19,
  // Each text that is written is a frame of its own.
  flush: constants.ZSTD_e_end,
  // A checksum of the content: a flipped bit is noticed whoever reads it. Higher levels gain 4 % at most on columns of numbers, or lose as much.
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
};

/**
 * Compresses pieces of text in the thread pool and writes them in the order they came, each as a zstd frame of its own; the
 * line of the index follows when the frame's bytes are with the system.
 *
 * One compressor for all of them: what a new one takes for each frame lies outside of V8's heap and makes it collect
 * garbage far more often, which costs a run more than the compression itself.
 */
export class FrameWriter {
  readonly #file: FileStream;
  readonly #index: FileStream;
  readonly #compressor = createZstdCompress(OPTIONS);
  #packed: Buffer[] = [];
  #last: Promise<void> = Promise.resolve();
  #offset = 0;

  constructor(file: FileStream, index: FileStream) {
    this.#file = file;
    this.#index = index;
    this.#compressor.on('data', (bytes: Buffer) => this.#packed.push(bytes));
    // The write that fails tells it.
    this.#compressor.on('error', () => undefined);
  }

  /**
   * Resolves when the frame before this one is with the system: two buffers that take turns are enough.
   * @param text the writer's until the next call has resolved
   * @throws SatsimError ARTIFACTS when an earlier frame can't be written
   */
  async add(text: Uint8Array, firstTick: number, ticks: number): Promise<void> {
    const before = this.#last;
    this.#last = before.then(() => this.#write(text, firstTick, ticks));
    // Whoever adds or closes next is told.
    this.#last.catch(() => undefined);
    await before;
  }

  /** @throws SatsimError ARTIFACTS */
  async close(): Promise<void> {
    const results = await Promise.allSettled([this.#last]);
    this.#compressor.destroy();
    results.push(...(await Promise.allSettled([this.#file.close(), this.#index.close()])));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #write(text: Uint8Array, firstTick: number, ticks: number): Promise<void> {
    const bytes = await this.#compress(text);
    const frame: TraceFrame = { firstTick, ticks, offset: this.#offset, bytes: bytes.byteLength, sha256: hash('sha256', bytes, 'hex') };
    this.#offset += bytes.byteLength;
    await this.#file.write(bytes);
    await this.#file.flush();
    await this.#index.write(`${JSON.stringify(frame)}\n`);
  }

  #compress(text: Uint8Array): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#compressor.write(text, (error) => {
        if (error) return reject(error);
        const pieces = this.#packed;
        this.#packed = [];
        resolve(pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
      });
    });
  }
}
