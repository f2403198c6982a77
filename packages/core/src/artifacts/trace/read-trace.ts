import { hash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { TickUpdate } from '../../contract/tick.js';
import { isSatsimError, SatsimError } from '../../errors.js';
import { unreadable } from '../artifact-error.js';
import { FrameError, type FrameText, readFrames } from './read-frames.js';
import { TickLines } from './tick-lines.js';
import { TraceError } from './trace-damage.js';
import { TRACE_INDEX_PATH, TRACE_PATH, type TraceFrame } from './trace-files.js';
import { parseHeader, type TraceFormat, type TraceHeader } from './trace-header.js';
import { readIndex, WITHOUT_INDEX } from './trace-index.js';

/** Where traces lie in a folder, the present form first. */
const NAMES = [TRACE_PATH, basename(TRACE_PATH), 'traces/ticks.jsonl', 'ticks.jsonl'];
const NEWLINE = 0x0a;

export interface ReadTraceOptions {
  /** `damage`: ends quietly where the trace is damaged or cut off; {@link Trace.damage} then says where. */
  readonly upTo?: 'end' | 'damage';
  /** The first tick that is wanted; with an index, what comes before is not read. */
  readonly from?: number;
  /** What the ticks say of the run that they are for. */
  readonly runId?: string;
  readonly scenarioRef?: string;
}

/** Recorded ticks. */
export interface Trace {
  /** The file, absolute. */
  readonly path: string;
  readonly format: TraceFormat;
  readonly header: TraceHeader;
  /** The parts of the file that can be read by themselves, from its index; `null` without one. */
  readonly frames: readonly TraceFrame[] | null;
  /**
   * In the order of the file, one after the other, on the grid t0 + k·dt; in columns, but for ticks with an `rf`. Each
   * iteration reads the file anew. Throws TraceError where the file is damaged or cut off.
   */
  readonly ticks: AsyncIterable<TickUpdate>;
  /** With `upTo: 'damage'`: why the last iteration ended early; `null` when it did not. */
  readonly damage: TraceError | null;
}

/**
 * Opens the trace of a run: by the run directory, its folder `traces`, or a file. Reads `satsim-trace/2` and the canonical
 * text `satsim-trace/1`, which people and other programs write; compressed with zstd or not.
 *
 * @throws SatsimError ARTIFACTS when there is no trace, or it can't be read
 * @throws TraceError when its header, or its index, is damaged
 */
export async function readTrace(path: string, options: ReadTraceOptions = {}): Promise<Trace> {
  const file = await findTrace(resolve(path));
  const { header, format } = await readHeader(file);
  const index = join(dirname(file), basename(TRACE_INDEX_PATH));
  const quiet = options.upTo === 'damage';
  const frames = basename(file) === basename(TRACE_PATH) ? await readIndex(index).catch((error: unknown) => (quiet ? null : Promise.reject(error))) : null;
  let damage: TraceError | null = null;
  return {
    path: file,
    format,
    header,
    frames,
    get damage() {
      return damage;
    },
    ticks: {
      async *[Symbol.asyncIterator]() {
        damage = null;
        const reader = new TraceReader(file, index, header, format, frames, options);
        try {
          yield* reader.ticks();
        } catch (error) {
          if (!quiet || !isSatsimError(error) || error.code !== 'TRACE_INVALID') throw error;
          damage = error as TraceError;
        }
      },
    },
  };
}

async function findTrace(path: string): Promise<string> {
  const info = await stat(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  if (!info.isDirectory()) return path;
  for (const name of NAMES) {
    const file = join(path, name);
    if ((await stat(file).catch(() => null))?.isFile()) return file;
  }
  throw new SatsimError('ARTIFACTS', `there is no trace in ${path}: neither ${TRACE_PATH} nor ${basename(TRACE_PATH)}`, {
    hint: 'A run writes one with execution.record_trace: true, which is the default',
  });
}

async function readHeader(file: string): Promise<{ readonly header: TraceHeader; readonly format: TraceFormat }> {
  const fail = (what: unknown, offset = 0): never => {
    throw new TraceError(what, {
      file,
      offset,
      tickIndex: null,
      hint: 'A trace begins with a line such as {"dt":1000,"engineVersion":"…","format":"satsim-trace/1","seed":0,"specSha256":"…","t0":1790000000000}',
    });
  };
  try {
    for await (const { text } of readFrames(file)) {
      const bytes = await text;
      const end = bytes.indexOf(NEWLINE);
      return parseHeader(bytes.toString('utf8', 0, end < 0 ? bytes.length : end));
    }
  } catch (error) {
    if (isSatsimError(error)) throw error;
    return fail(error, error instanceof FrameError ? error.offset : 0);
  }
  return fail('the file is empty');
}

/** One reading of a trace. */
class TraceReader {
  readonly #lines: TickLines;
  /** The tick that is due; `null` before the first. */
  #next: number | null = null;
  /** Whether there is one before it. */
  #begun = false;

  constructor(
    readonly file: string,
    readonly index: string,
    readonly header: TraceHeader,
    readonly format: TraceFormat,
    public frames: readonly TraceFrame[] | null,
    readonly options: ReadTraceOptions,
  ) {
    this.#lines = new TickLines(format, { runId: options.runId ?? '', scenarioRef: options.scenarioRef ?? '' });
  }

  async *ticks(): AsyncGenerator<TickUpdate> {
    const { file, options } = this;
    const from = options.from ?? 0;
    let place = this.#placeOf(from);
    const start = this.frames?.[place]?.offset ?? 0;
    this.#begun = this.frames?.slice(0, place).some(({ ticks }) => ticks > 0) ?? false;
    let end = start;
    try {
      for await (const frame of readFrames(file, start)) {
        for (const tick of await this.#frame(frame, this.frames?.[place])) if (tick.tickIndex >= from) yield tick;
        place += 1;
        end = frame.offset + frame.stored.length;
      }
    } catch (error) {
      if (error instanceof FrameError) throw this.#damaged(error, error.offset);
      throw error;
    }
    if (this.frames && place < this.frames.length)
      throw this.#damaged(`the file is cut off: it ends here, but the index goes on to byte ${bytesOf(this.frames)}`, end);
  }

  /** The first frame to read. */
  #placeOf(from: number): number {
    if (from === 0) return 0;
    const last = this.frames?.findLastIndex(({ firstTick, ticks }) => ticks > 0 && firstTick <= from) ?? -1;
    return Math.max(last, 0);
  }

  async #frame({ offset, stored, text, compressed }: FrameText, known: TraceFrame | undefined): Promise<Iterable<TickUpdate>> {
    const quiet = this.options.upTo === 'damage';
    if (!quiet) this.#next ??= known?.ticks ? known.firstTick : null;
    const bytes = await text.catch((error: unknown) => {
      throw this.#damaged(`the frame cannot be decompressed: ${(error as Error).message}`, offset);
    });
    // The content is sound: its own checksum says so.
    if (known && (known.offset !== offset || known.bytes !== stored.length || known.sha256 !== hash('sha256', stored, 'hex'))) {
      if (!quiet)
        throw new TraceError(`the index does not tell of the frame at byte ${offset} of ${basename(this.file)}`, {
          file: this.index,
          offset: 0,
          tickIndex: this.#next,
          hint: WITHOUT_INDEX,
        });
      this.frames = null;
    }
    return this.#linesOf(bytes, offset, compressed);
  }

  *#linesOf(bytes: Buffer, offset: number, compressed: boolean): Generator<TickUpdate> {
    let at = 0;
    for (let line = 1; at < bytes.length; line += 1) {
      const newline = bytes.indexOf(NEWLINE, at);
      const end = newline < 0 ? bytes.length : newline;
      const isHeader = offset === 0 && at === 0;
      if (!isHeader) {
        try {
          yield this.#accept(bytes.toString('utf8', at, end));
        } catch (error) {
          const where = compressed ? `line ${line} of the frame: ` : '';
          throw this.#damaged(`${where}${(error as Error).message}`, compressed ? offset : offset + at);
        }
      }
      at = end + 1;
    }
  }

  #accept(line: string): TickUpdate {
    const tick = this.#lines.tick(line);
    const { tickIndex, simTimeMs } = tick;
    const { t0, dt } = this.header;
    if (this.#next !== null && tickIndex !== this.#next) throw new Error(`tick ${tickIndex} stands where tick ${this.#next} is due`);
    if (simTimeMs !== t0 + tickIndex * dt) throw new Error(`tick ${tickIndex} has sim time ${simTimeMs}, not t0 + ${tickIndex}·dt = ${t0 + tickIndex * dt}`);
    this.#next = tickIndex + 1;
    this.#begun = true;
    return tick;
  }

  #damaged(what: unknown, offset: number): TraceError {
    return new TraceError(what, {
      file: this.file,
      offset,
      tickIndex: this.#next ?? 0,
      ...(this.#begun && { hint: 'What comes before this place is sound: `satsim replay --up-to-damage` plays it' }),
    });
  }
}

function bytesOf(frames: readonly TraceFrame[]): number {
  const last = frames.at(-1);
  return last === undefined ? 0 : last.offset + last.bytes;
}
