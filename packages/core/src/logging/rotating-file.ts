import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * A log file that is written synchronously, so that nothing is lost when the process ends, and set aside as `<file>.1`,
 * `<file>.2` … (1 is the youngest) when it has grown to its limit. Never throws: a log must not end what it reports on.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #maxBytes: number;
  readonly #keep: number;
  #fd: number;
  #bytes = 0;
  #failure: Error | null = null;

  /** @throws the system's error when the file can't be made */
  constructor(path: string, maxBytes = 16 * 1024 * 1024, keep = 4) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    this.#keep = keep;
    this.#fd = openSync(path, 'w');
  }

  /** The first thing that went wrong; nothing was written after it. */
  get failure(): Error | null {
    return this.#failure;
  }

  write(line: string): void {
    if (this.#failure || this.#fd < 0) return;
    try {
      let bytes = Buffer.from(line);
      if (this.#bytes > 0 && this.#bytes + bytes.byteLength > this.#maxBytes) this.#rotate();
      this.#bytes += bytes.byteLength;
      while (bytes.byteLength > 0) bytes = bytes.subarray(writeSync(this.#fd, bytes));
    } catch (error) {
      this.#failure = error as Error;
    }
  }

  close(): void {
    if (this.#fd < 0) return;
    closeSync(this.#fd);
    this.#fd = -1;
  }

  #rotate(): void {
    this.close();
    rmSync(`${this.#path}.${this.#keep}`, { force: true });
    for (let i = this.#keep - 1; i >= 0; i -= 1) {
      try {
        renameSync(i === 0 ? this.#path : `${this.#path}.${i}`, `${this.#path}.${i + 1}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#fd = openSync(this.#path, 'w');
    this.#bytes = 0;
  }
}
