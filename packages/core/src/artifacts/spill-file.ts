import { closeSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Takes numbers that nobody needs before the end, so that memory does not grow with the length of a run. The file has no
 * name once it is open: whatever ends the process, nothing of it is left.
 */
export class SpillFile {
  readonly #fd: number;
  #end = 0;
  #open = true;

  private constructor(fd: number) {
    this.#fd = fd;
  }

  /** @returns `null` where there can be no such file: numbers then stay in memory */
  static open(dir: string): SpillFile | null {
    const path = join(dir, `.spill-${process.pid}`);
    try {
      const fd = openSync(path, 'wx+');
      rmSync(path);
      return new SpillFile(fd);
    } catch {
      return null;
    }
  }

  /** @returns where they are; `null` when the disk has no room for them */
  put(values: Float64Array): number | null {
    const at = this.#end;
    try {
      for (let done = 0; done < values.byteLength;) done += writeSync(this.#fd, values, done, values.byteLength - done, at + done);
    } catch {
      return null;
    }
    this.#end += values.byteLength;
    return at;
  }

  get(at: number, into: Float64Array): void {
    for (let done = 0; done < into.byteLength;) done += readSync(this.#fd, into, done, into.byteLength - done, at + done);
  }

  /** What is in it is gone. Safe to call twice. */
  close(): void {
    if (this.#open) closeSync(this.#fd);
    this.#open = false;
  }
}
