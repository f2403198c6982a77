import type { TickColumns, TickUpdate } from '../../contract/tick.js';
import type { ArtifactStore } from '../artifact-store.js';
import type { FileStream } from '../artifact-stream.js';
import { ByteWriter } from './byte-writer.js';
import { ColumnText } from './column-text.js';
import { FrameWriter } from './frame-writer.js';
import { LinkTexts } from './link-texts.js';
import { TICK_HASHES_PATH, TRACE_INDEX_PATH, TRACE_PATH } from './trace-files.js';
import { TraceHash } from './trace-hash.js';
import { headerLine, type TraceHeader } from './trace-header.js';
import { TickPacker } from './tick-packer.js';

/** A frame ends with the tick that makes it this long. */
const FRAME_BYTES = 1 << 20;
/** And when its first tick is this old: what a run that is killed loses at most. */
const FRAME_MS = 5_000;
/** With room for the tick that ends a frame. */
const BUFFER_BYTES = FRAME_BYTES + (FRAME_BYTES >> 2);

/**
 * Hashes every tick and, when it records, writes `traces/`: the ticks in columns, in zstd frames with an index, and with
 * each tick's index what the hash of the run is up to it. What is hashed is the canonical text, whatever the form in which it
 * is stored.
 */
export class TraceRecorder {
  readonly #packer = new TickPacker();
  readonly #hash: TraceHash;
  readonly #file: TickFile | null;
  #complete = true;

  private constructor(header: TraceHeader, texts: LinkTexts, file: TickFile | null) {
    this.#hash = new TraceHash(header, texts);
    this.#file = file;
  }

  static async open(store: ArtifactStore, header: TraceHeader, record: boolean): Promise<TraceRecorder> {
    const texts = new LinkTexts();
    return new TraceRecorder(header, texts, record ? await TickFile.open(store, header, texts) : null);
  }

  async add(tick: TickUpdate): Promise<void> {
    // Incomplete until the whole tick is in: whatever throws on the way leaves it so.
    const complete = this.#complete;
    this.#complete = false;
    const columns = tick.columns ?? this.#packer.pack(tick);
    this.#hash.add(tick, columns);
    await this.#file?.add(tick, columns, this.#hash.soFar);
    this.#complete = complete;
  }

  /**
   * @returns the hash of the run; `null` when a tick is missing from it
   * @throws SatsimError ARTIFACTS when the rest can't be written
   */
  async close(): Promise<string | null> {
    const sha256 = this.#hash.digest();
    await this.#file?.close();
    return this.#complete ? sha256 : null;
  }
}

/** The files of a trace that is being recorded. */
class TickFile {
  readonly #frames: FrameWriter;
  readonly #hashes: FileStream;
  readonly #columns: ColumnText;
  #out = new ByteWriter(BUFFER_BYTES);
  /** Of the frame before this one. */
  #spare = new ByteWriter(BUFFER_BYTES);
  /** Until it has resolved the text of a frame that ended is still where the next one's is to be. */
  #turn: Promise<void> = Promise.resolve();
  /** Of the ticks in this frame. */
  #hashLines = '';
  #firstTick = 0;
  #ticks = 0;
  #timer: NodeJS.Timeout | null = null;

  private constructor(frames: FrameWriter, hashes: FileStream, texts: LinkTexts) {
    this.#columns = new ColumnText(texts);
    this.#frames = frames;
    this.#hashes = hashes;
  }

  static async open(store: ArtifactStore, header: TraceHeader, texts: LinkTexts): Promise<TickFile> {
    const hashes = await store.openStream(TICK_HASHES_PATH);
    const frames = new FrameWriter(await store.openStream(TRACE_PATH), await store.openStream(TRACE_INDEX_PATH));
    // A frame by itself, so that a trace can be read from the first moment.
    await frames.add(Buffer.from(headerLine(header, 'columnar')), 0, 0);
    return new TickFile(frames, hashes, texts);
  }

  async add(tick: TickUpdate, columns: TickColumns, sha256: string): Promise<void> {
    await this.#turn;
    if (this.#ticks === 0) this.#firstTick = tick.tickIndex;
    this.#columns.append(this.#out, tick, columns);
    this.#hashLines += `${tick.tickIndex} ${sha256}\n`;
    this.#ticks += 1;
    if (this.#out.length >= FRAME_BYTES) await this.#endFrame();
    // A failure is told to whoever adds or closes next.
    else this.#timer ??= setTimeout(() => void this.#endFrame().catch(() => undefined), FRAME_MS).unref();
  }

  async close(): Promise<void> {
    const results = await Promise.allSettled([this.#endFrame()]);
    results.push(...(await Promise.allSettled([this.#frames.close(), this.#hashes.close()])));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  #endFrame(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#ticks > 0) this.#turn = this.#handOver();
    return this.#turn;
  }

  async #handOver(): Promise<void> {
    const [first, count] = [this.#firstTick, this.#ticks];
    const lines = this.#hashLines;
    this.#ticks = 0;
    this.#hashLines = '';
    await this.#frames.add(this.#out.bytes, first, count);
    // The frame before is written: its buffer is free.
    [this.#out, this.#spare] = [this.#spare, this.#out];
    this.#out.clear();
    await this.#hashes.write(lines);
  }
}
