import { createHash } from 'node:crypto';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SatsimError } from '@satsim/core';
import { artifactError } from '@satsim/core/records';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

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
/** Beyond this a zip file needs an extension of the format that not every program reads, and the library does not write. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

export class ZipSink implements CrateSink {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #mtime: Date;
  readonly #zip: Zip;
  #pending: Uint8Array[] = [];
  #failure: Error | null = null;
  #bytes = 0;

  private constructor(file: FileHandle, path: string, mtime: Date) {
    this.#file = file;
    this.#path = path;
    this.#mtime = mtime;
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#failure ??= error;
      else this.#pending.push(chunk);
    });
  }

  /** @param mtime the time that all files in it get: the same files make the same archive */
  static async create(path: string, mtime: Date): Promise<ZipSink> {
    return new ZipSink(await open(path, 'wx'), path, mtime);
  }

  async add(path: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const entry = COMPRESSED.test(path) ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 });
    entry.mtime = this.#mtime;
    this.#zip.add(entry);
    for await (const chunk of chunks) {
      this.#bytes += chunk.byteLength;
      if (this.#bytes > MOST_BYTES)
        throw new SatsimError('USAGE', 'the run has more than 4 GiB, which is too much for a zip file', { hint: 'name a folder with --out' });
      entry.push(chunk);
      await this.#flush();
    }
    entry.push(new Uint8Array(0), true);
    await this.#flush();
  }

  async close(complete: boolean): Promise<void> {
    try {
      if (!complete) return;
      this.#zip.end();
      await this.#flush();
      await this.#file.sync();
    } finally {
      await this.#file.close();
    }
  }

  async #flush(): Promise<void> {
    const chunks = this.#pending;
    this.#pending = [];
    if (this.#failure) throw artifactError(this.#failure, 'write', this.#path);
    for (const chunk of chunks) await this.#file.writeFile(chunk);
  }
}
