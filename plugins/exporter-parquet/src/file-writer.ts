import { ByteWriter } from 'hyparquet-writer';
import type { PartialFile } from './partial-file.js';

/** Hands on what was encoded after every row group, which is when it is flushed: no more than one is held in memory. */
export class FileWriter extends ByteWriter {
  readonly #file: PartialFile;

  constructor(file: PartialFile) {
    super();
    this.#file = file;
  }

  async flush(): Promise<void> {
    // The bytes belong to the file from here on: the next row group gets a buffer of its own.
    const bytes = this.getBytes();
    this.buffer = new ArrayBuffer(1024);
    this.view = new DataView(this.buffer);
    this.index = 0;
    await this.#file.write(bytes);
  }
}
