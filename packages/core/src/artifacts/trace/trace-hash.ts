import { createHash } from 'node:crypto';
import type { TickColumns, TickUpdate } from '../../contract/tick.js';
import { LinkTexts } from './link-texts.js';
import { TickText } from './tick-text.js';
import { headerLine, type TraceHeader } from './trace-header.js';

/** What `traceSha256` is: SHA-256 of the canonical text of a header and of ticks, in order. */
export class TraceHash {
  readonly #text: TickText;
  readonly #hash = createHash('sha256');

  /** @param texts shared with the columns' text of the same ticks, when they are recorded */
  constructor(header: TraceHeader, texts = new LinkTexts()) {
    this.#text = new TickText(texts);
    this.#hash.update(headerLine(header, 'canonical'));
  }

  /**
   * @param columns of a tick without any, where somebody has packed it already
   * @returns the tick's canonical line, with its newline; the caller's until the next call
   * @throws GeomrfError GEOMRF_INTERNAL when a number is not finite
   */
  add(tick: TickUpdate, columns?: TickColumns): Uint8Array {
    const line = this.#text.line(tick, columns);
    this.#hash.update(line);
    return line;
  }

  /** In hex, of all until now: what {@link digest} would be if this tick were the last. */
  get soFar(): string {
    return this.#hash.copy().digest('hex');
  }

  /** In hex; nothing can be added afterwards. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
