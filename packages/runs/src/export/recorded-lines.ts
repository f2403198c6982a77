import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SatsimError } from '@satsim/core';
import { unreadable } from '@satsim/core/records';

/**
 * The objects of a JSON-lines file of a run, in order, as far as they are due.
 * With `lenient` (a run that did not end in order) a line that is cut off ends them; otherwise it is an error that names file and line.
 */
export class RecordedLines<Line> {
  readonly #path: string;
  readonly #lenient: boolean;
  readonly #lines: AsyncIterator<Line>;
  #next: Line | null = null;
  #ended = false;

  constructor(runDir: string, path: string, lenient: boolean) {
    this.#path = join(runDir, path);
    this.#lenient = lenient;
    this.#lines = this.#read();
  }

  /** Those up to the first that is not due yet, at most `most` at once. */
  async *upTo(isDue: (line: Line) => boolean, most = 1_000): AsyncGenerator<Line[]> {
    let batch: Line[] = [];
    for (;;) {
      if (this.#next === null && !this.#ended) {
        const { value, done } = await this.#lines.next();
        if (done) this.#ended = true;
        else this.#next = value;
      }
      if (this.#next === null || !isDue(this.#next)) break;
      batch.push(this.#next);
      this.#next = null;
      if (batch.length >= most) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  async close(): Promise<void> {
    await this.#lines.return?.();
  }

  async *#read(): AsyncGenerator<Line> {
    const stream = createReadStream(this.#path);
    let number = 0;
    try {
      for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
        number += 1;
        let value: unknown;
        try {
          value = JSON.parse(line);
        } catch (error) {
          if (this.#lenient) return;
          throw new SatsimError('ARTIFACTS', `${this.#path}:${number} is not what satsim writes there: ${(error as Error).message}`);
        }
        yield value as Line;
      }
    } catch (error) {
      throw error instanceof SatsimError ? error : unreadable(error, this.#path);
    } finally {
      stream.destroy();
    }
  }
}
