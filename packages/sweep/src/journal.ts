import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SatsimError } from '@satsim/core';
import { artifactError, lineChecksum } from '@satsim/core/records';
import { CHOSEN_BY } from './chosen-by.js';

export const JOURNAL_PATH = 'cells.jsonl';

/** One line of `cells.jsonl`. */
export type JournalEntry =
  /** Written before a run begins, so that a run that ends is known even when nothing more was written. */
  | { readonly event: 'started'; readonly cell: string; readonly at: string; readonly runDir: string }
  | {
      readonly event: 'ended';
      readonly cell: string;
      readonly at: string;
      /** `null` when there was no run to speak of: it could not be planned or made, or its process died before. */
      readonly runDir: string | null;
      readonly exitCode: number;
      readonly error: { readonly code: string; readonly message: string } | null;
    };

/** The last that the journal says of a cell. */
export type LastEntry = Pick<JournalEntry, 'runDir'> & { readonly error: { readonly code: string; readonly message: string } | null };

/** How far a journal had come, to tell whether it is still the same. */
export interface JournalMark {
  /** Bytes of whole lines. */
  readonly length: number;
  /** SHA-256 of these bytes. */
  readonly sha256: string;
}

export interface JournalContent {
  readonly last: ReadonlyMap<string, LastEntry>;
  /** Lines that cannot be read, and what is not as it was written. A last line that was cut off is none of it. */
  readonly damage: readonly string[];
  readonly mark: JournalMark;
}

/**
 * Reads a journal up to where it was cut, if it was; there may be none yet.
 * @param written how far it had come once, as is known from elsewhere
 * @throws SatsimError ARTIFACTS when there is one that cannot be read
 */
export async function readJournal(sweepDir: string, written?: JournalMark): Promise<JournalContent> {
  const path = join(sweepDir, JOURNAL_PATH);
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw artifactError(error, 'read', path, CHOSEN_BY);
  });
  const last = new Map<string, LastEntry>();
  const damage: string[] = [];
  const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
  const lines = whole.toString('utf8').split('\n').slice(0, -1);
  for (const [index, line] of lines.entries()) {
    const entry = parseLine(line);
    if (entry === null) damage.push(`${path}:${index + 1}: this line is damaged; what it said of a cell counts as not said`);
    else last.set(entry.cell, { runDir: entry.runDir, error: entry.event === 'ended' ? entry.error : null });
  }
  if (written !== undefined && whole.length < written.length) damage.push(`${path} has been cut: of ${written.length} bytes ${whole.length} are left`);
  else if (written !== undefined && damage.length === 0 && markOf(whole.subarray(0, written.length)).sha256 !== written.sha256)
    damage.push(`${path} is not what was written`);
  return { last, damage, mark: markOf(whole) };
}

function markOf(whole: Buffer): JournalMark {
  return { length: whole.length, sha256: createHash('sha256').update(whole).digest('hex') };
}

/** Lines that are on the disk when `add` resolves; added behind each other, whoever calls. */
export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /**
   * For whoever has the lock of the sweep. A last line that was cut off is taken away.
   * @param planned how far it had come when the cells were planned
   * @throws SatsimError RUN_STATE when it is not the same any more; ARTIFACTS
   */
  static async open(sweepDir: string, planned: JournalMark): Promise<Journal> {
    const path = join(sweepDir, JOURNAL_PATH);
    const { mark } = await readJournal(sweepDir);
    if (mark.sha256 !== planned.sha256) {
      throw new SatsimError('RUN_STATE', `${path} has changed since the cells were planned: another command has been at work on this sweep`, {
        hint: 'the same command again plans them by what is there now',
      });
    }
    try {
      const file = await open(path, 'a');
      if ((await file.stat()).size > mark.length) await file.truncate(mark.length);
      return new Journal(file, path);
    } catch (error) {
      throw artifactError(error, 'open', path, CHOSEN_BY);
    }
  }

  /** @throws SatsimError ARTIFACTS */
  add(entry: JournalEntry): Promise<void> {
    const added = this.#writing.then(async () => {
      try {
        await this.#file.appendFile(formatLine(entry));
        await this.#file.datasync();
      } catch (error) {
        throw artifactError(error, 'write', this.#path, CHOSEN_BY);
      }
    });
    this.#writing = added.catch(() => undefined);
    return added;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }
}

function formatLine(entry: JournalEntry): string {
  return `${JSON.stringify({ ...entry, crc32: lineChecksum(entry) })}\n`;
}

function parseLine(line: string): JournalEntry | null {
  try {
    const { crc32: expected, ...entry } = JSON.parse(line) as JournalEntry & { readonly crc32: string };
    return lineChecksum(entry) === expected ? entry : null;
  } catch {
    return null;
  }
}
