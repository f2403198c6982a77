import type { TickUpdate } from '../../contract/tick.js';
import { TickText } from './tick-text.js';
import { headerLine, type TraceHeader } from './trace-header.js';

/** Writes a trace as text, in the canonical form `satsim-trace/1`: for translators, whose traces are small enough to be held. */
export class TraceText {
  readonly #text = new TickText();
  readonly #parts: string[];

  constructor(header: TraceHeader) {
    this.#parts = [headerLine(header, 'canonical')];
  }

  /** @throws GeomrfError GEOMRF_INTERNAL when a number is not finite */
  add(tick: TickUpdate): void {
    this.#parts.push(Buffer.from(this.#text.line(tick)).toString());
  }

  toString(): string {
    return this.#parts.join('');
  }
}
