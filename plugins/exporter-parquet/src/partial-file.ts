import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactArea, ArtifactStream } from '@satsim/core';

/**
 * A file that is there whole or not at all: it grows as `<path>.partial` and gets its name in the end. A Parquet file can
 * only be read with the footer that is written last.
 */
export class PartialFile {
  readonly #stream: ArtifactStream;
  readonly #partial: string;
  readonly #final: string;

  private constructor(stream: ArtifactStream, partial: string, final: string) {
    this.#stream = stream;
    this.#partial = partial;
    this.#final = final;
  }

  static async open(artifacts: ArtifactArea, path: string): Promise<PartialFile> {
    const partial = `${path}.partial`;
    return new PartialFile(await artifacts.openStream(partial), join(artifacts.dir, partial), join(artifacts.dir, path));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#stream.write(bytes);
  }

  /** Brings everything to the disk and gives the file its name; removes it when that fails. */
  async publish(): Promise<void> {
    try {
      await this.#stream.close();
      await rename(this.#partial, this.#final);
    } catch (error) {
      await rm(this.#partial, { force: true });
      throw error;
    }
  }

  async discard(): Promise<void> {
    try {
      await this.#stream.close();
    } finally {
      await rm(this.#partial, { force: true });
    }
  }
}
