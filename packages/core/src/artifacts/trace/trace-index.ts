import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { unreadable } from '../artifact-error.js';
import { TraceError } from './trace-damage.js';
import type { TraceFrame } from './trace-files.js';

const frame = z.strictObject({
  firstTick: z.int().nonnegative(),
  ticks: z.int().nonnegative(),
  offset: z.int().nonnegative(),
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What to do about a damaged index. */
export const WITHOUT_INDEX = 'The trace itself may be sound: `satsim replay --up-to-damage` reads it without its index';

/**
 * The index of a trace; `null` where there is none. A last line without an end is one that a killed run was writing.
 * @throws TraceError naming the line that is none
 * @throws SatsimError ARTIFACTS when the file can't be read
 */
export async function readIndex(path: string): Promise<readonly TraceFrame[] | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw unreadable(error, path);
  });
  if (text === null) return null;
  const frames: TraceFrame[] = [];
  let offset = 0;
  for (const line of text.split('\n').slice(0, -1)) {
    const before = frames.at(-1);
    const next = parse(line);
    const follows =
      before === undefined ? next?.offset === 0 : next?.offset === before.offset + before.bytes && next.firstTick === before.firstTick + before.ticks;
    if (next === null || !(follows || (before?.ticks === 0 && next.offset === before.bytes))) {
      throw new TraceError(`line ${frames.length + 1} of the index is damaged`, {
        file: path,
        offset,
        tickIndex: before ? before.firstTick + before.ticks : null,
        hint: WITHOUT_INDEX,
      });
    }
    frames.push(next);
    offset += Buffer.byteLength(line) + 1;
  }
  return frames;
}

function parse(line: string): TraceFrame | null {
  try {
    return frame.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
