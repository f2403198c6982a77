import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as pause } from 'node:timers/promises';
import { unreadable } from '@satsim/core/records';

const POLL_MS = 200;
const BLOCK_BYTES = 64 * 1024;

export interface FollowOptions {
  /**
   * Asked before every look at the file: `false` when nothing more will be written. What is there then is still read. Without it the
   * file is read once.
   */
  readonly goesOn?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/**
 * The whole lines of a file; with `goesOn` also those that are still to come. A file that is set aside under another name
 * (a log that rotates) is read to its end, and then the new one. A last line without an end is given once nothing more comes.
 * @throws SatsimError ARTIFACTS when the file is there and can't be read
 */
export async function* followLines(path: string, { goesOn = () => Promise.resolve(false), signal }: FollowOptions = {}): AsyncGenerator<string> {
  let file: FileHandle | null = null;
  let inode = 0;
  let rest = '';
  let decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(BLOCK_BYTES);
  try {
    for (;;) {
      const last = !(await goesOn());
      // Looked for before the end of the old one is read: nothing is written into that once there is a new one.
      const next = await openIfThere(path);
      const nextInode = next === null ? inode : (await next.stat()).ino;
      const replaced = file !== null && next !== null && nextInode !== inode;
      if (file === null || replaced) {
        if (file !== null) yield* blocks(file);
        await file?.close();
        if (replaced) decoder = new StringDecoder('utf8');
        [file, inode] = [next, nextInode];
      } else await next?.close();
      if (file !== null) yield* blocks(file);
      if (last) break;
      await pause(POLL_MS, undefined, { signal });
    }
    if (rest !== '') yield rest;
  } finally {
    await file?.close();
  }

  async function* blocks(from: FileHandle): AsyncGenerator<string> {
    for (;;) {
      const { bytesRead } = await from.read(buffer, 0, BLOCK_BYTES).catch((error: unknown) => {
        throw unreadable(error, path);
      });
      if (bytesRead === 0) return;
      const lines = (rest + decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  }
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw unreadable(error, path);
  }
}
