import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** Where the files of an archive go, one after the other. */
export interface CrateSink {
  add(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** What was opened is closed, whether all went well or not. */
  close(complete: boolean): Promise<void>;
}

/** Passes bytes on, and knows what they were. */
export class Measured {
  readonly #hash = createHash('sha256');
  readonly #chunks: AsyncIterable<Uint8Array>;
  bytes = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#chunks) {
      this.#hash.update(chunk);
      this.bytes += chunk.byteLength;
      yield chunk;
    }
  }

  sha256(): string {
    return this.#hash.digest('hex');
  }
}

export class FolderSink implements CrateSink {
  readonly #dir: string;

  constructor(dir: string) {
    this.#dir = dir;
  }

  async add(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const file = join(this.#dir, path);
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(chunks);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {}
}

/** What these hold is compressed already. */
const COMPRESSED = /\.(zst|parquet|gz|zip|png)$/;

/** Of any size: where 4 GiB do not suffice the archive is in Zip64, which is in all programs of today. */
export class ZipSink implements CrateSink {
  readonly #zip = new ZipFile();
  readonly #file: WriteStream;
  readonly #written: Promise<void>;
  readonly #mtime: Date;

  /** @param mtime the time that all files in it get: the same files make the same archive */
  constructor(path: string, mtime: Date) {
    this.#mtime = mtime;
    this.#file = createWriteStream(path, { flags: 'wx', flush: true });
    this.#written = pipeline(this.#zip.outputStream, this.#file);
    // Whoever waits for a file of the archive is told.
    this.#written.catch(() => undefined);
    this.#zip.on('error', (error: Error) => this.#file.destroy(error));
  }

  async add(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const content = Readable.from(chunks, { objectMode: false });
    this.#zip.addReadStream(content, path, { mtime: this.#mtime, compress: !COMPRESSED.test(path) });
    try {
      await Promise.race([finished(content), this.#written]);
    } finally {
      content.destroy();
    }
  }

  async close(complete: boolean): Promise<void> {
    if (complete) this.#zip.end();
    else this.#file.destroy();
    await this.#written.catch((error: unknown) => {
      if (complete) throw error;
    });
  }
}
