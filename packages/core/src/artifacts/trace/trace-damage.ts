import { messageOf, SatsimError, type SatsimErrorDetails } from '../../errors.js';

/** A trace can't be read from some place on, or the line there is none of a trace. */
export class TraceError extends SatsimError {
  /** Absolute path. */
  readonly file: string;
  /** Of the frame, or of the line in a file that is not compressed; bytes from the beginning of the file. */
  readonly offset: number;
  /** The first tick that can't be read; `null` when no tick can. */
  readonly tickIndex: number | null;

  constructor(
    what: unknown,
    { file, offset, tickIndex, ...details }: SatsimErrorDetails & { readonly file: string; readonly offset: number; readonly tickIndex: number | null },
  ) {
    const where = `${file}, byte ${offset}${tickIndex === null ? '' : `, tick ${tickIndex}`}`;
    super('TRACE_INVALID', `${where}: ${messageOf(what)}`, { ...(what instanceof Error ? { cause: what } : {}), ...details });
    this.file = file;
    this.offset = offset;
    this.tickIndex = tickIndex;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), file: this.file, offset: this.offset, tickIndex: this.tickIndex };
  }
}
