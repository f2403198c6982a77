import { type FileHandle, open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { unreadable } from '../artifact-error.js';
import { frameLength, isZstd } from './zstd-frame.js';

const decompress = promisify(zstdDecompress);
const CHUNK_BYTES = 1 << 20;
/** A frame that says it is larger than this is a broken one, or another program's single frame of a whole trace. */
const FRAME_LIMIT = 1 << 28;
const TEXT_LIMIT = 1 << 30;
/** More than a frame of ours holds: each further piece is another way to the thread pool and back. */
const PIECE_BYTES = 1 << 21;
const NEWLINE = 0x0a;

/** Whole lines of a trace, and where in the file they are. */
export interface FrameText {
  /** Of the frame's first byte. */
  readonly offset: number;
  /** What the frame takes in the file. */
  readonly stored: Buffer;
  /** Rejects when the frame can't be decompressed. */
  readonly text: Promise<Buffer>;
  readonly compressed: boolean;
}

/** Where reading came to an end, and why. */
export class FrameError extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The frames of a file from `offset` on; of a file that is not compressed, pieces of whole lines. The next frame is
 * decompressed, in the thread pool, while the reader is busy with one.
 * @throws SatsimError ARTIFACTS when the file can't be read
 * @throws FrameError where it is cut off, or no frame begins
 */
export async function* readFrames(path: string, offset = 0): AsyncGenerator<FrameText> {
  let ahead: FrameText | null = null;
  try {
    for await (const frame of pieces(path, offset)) {
      if (ahead) yield ahead;
      ahead = frame;
    }
  } catch (error) {
    // What came before the place is sound.
    if (ahead) yield ahead;
    throw error;
  }
  if (ahead) yield ahead;
}

async function* pieces(path: string, from: number): AsyncGenerator<FrameText> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(error, path);
  });
  try {
    const compressed = isZstd((await read(file, path, 0, 4)) ?? Buffer.alloc(0));
    const lengthOf = compressed ? frameLength : wholeLines;
    let held: Buffer<ArrayBufferLike> = Buffer.alloc(0);
    let start = from;
    for (;;) {
      const length = lengthAt(lengthOf, held, start);
      if (length !== null) {
        const stored = held.subarray(0, length);
        yield { offset: start, stored, text: textOf(stored, compressed), compressed };
        held = held.subarray(length);
        start += length;
        continue;
      }
      if (held.length > FRAME_LIMIT) throw new FrameError(start, `what begins here does not end within ${FRAME_LIMIT} bytes`);
      // As much again as is held: a long frame is not copied once for each chunk.
      const more = await read(file, path, start + held.length, Math.max(CHUNK_BYTES, held.length));
      if (more === null) {
        if (held.length > 0)
          throw new FrameError(start, `the file is cut off: it ends at byte ${start + held.length}, in the middle of ${compressed ? 'a frame' : 'a line'}`);
        return;
      }
      held = held.length === 0 ? more : Buffer.concat([held, more]);
    }
  } finally {
    await file.close();
  }
}

function lengthAt(lengthOf: (bytes: Buffer) => number | null, held: Buffer, offset: number): number | null {
  try {
    return held.length === 0 ? null : lengthOf(held);
  } catch (error) {
    throw new FrameError(offset, (error as Error).message);
  }
}

/** Up to the last newline. */
function wholeLines(bytes: Buffer): number | null {
  const end = bytes.lastIndexOf(NEWLINE);
  return end < 0 ? null : end + 1;
}

function textOf(stored: Buffer, compressed: boolean): Promise<Buffer> {
  const text = compressed ? decompress(stored, { maxOutputLength: TEXT_LIMIT, chunkSize: PIECE_BYTES }) : Promise.resolve(stored);
  // Nobody may come for it: whoever does is told.
  text.catch(() => undefined);
  return text;
}

async function read(file: FileHandle, path: string, position: number, length: number): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafe(length);
  try {
    const { bytesRead } = await file.read(buffer, 0, length, position);
    return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
  } catch (error) {
    throw unreadable(error, path);
  }
}
