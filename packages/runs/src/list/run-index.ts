import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as Sqlite from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** Beside the runs; hidden, so that nobody takes it for one. */
export const INDEX_FILE = '.index.sqlite';
const VERSION = 1;
/** How long another process that is just writing is waited for. */
const BUSY_MS = 100;

/** What is known of one run: true while its files have this signature. */
export interface Entry {
  readonly signature: string;
  readonly content: string;
}

/**
 * What was read of runs before, by kind and run. It never decides anything: whoever asks compares signatures, and where it is missing,
 * locked, broken, of another version or not to be written, everything is as it would be without it, only slower.
 */
export class RunIndex {
  readonly #db: Sqlite.DatabaseSync;
  readonly #file: string;
  #broken = false;

  private constructor(file: string) {
    this.#db = openDatabase(file);
    this.#file = file;
  }

  /** `null` when there can be none here now. */
  static open(root: string): RunIndex | null {
    const file = join(root, INDEX_FILE);
    try {
      return new RunIndex(file);
    } catch (error) {
      if (!isBroken(error)) return null;
    }
    try {
      removeFiles(file);
      return new RunIndex(file);
    } catch {
      return null;
    }
  }

  /** By run. What has been damaged is left out. */
  read(kind: string): Map<string, Entry> {
    const entries = new Map<string, Entry>();
    try {
      const rows = this.#db.prepare(SELECT).all(kind) as unknown as (Entry & Row)[];
      for (const { run, signature, content, crc } of rows) if (crc === checksum(kind, run, signature, content)) entries.set(run, { signature, content });
    } catch (error) {
      entries.clear();
      this.#broken ||= isBroken(error);
    }
    return entries;
  }

  /** All or nothing; nothing when somebody else is writing. */
  write(kind: string, changed: ReadonlyMap<string, Entry>, gone: readonly string[]): void {
    if (changed.size === 0 && gone.length === 0) return;
    try {
      this.#db.exec('BEGIN IMMEDIATE');
      const put = this.#db.prepare('INSERT OR REPLACE INTO entries (kind, run, signature, content, crc) VALUES (?, ?, ?, ?, ?)');
      for (const [run, { signature, content }] of changed) put.run(kind, run, signature, content, checksum(kind, run, signature, content));
      const remove = this.#db.prepare('DELETE FROM entries WHERE kind = ? AND run = ?');
      for (const run of gone) remove.run(kind, run);
      this.#db.exec('COMMIT');
    } catch {
      // Read again next time. Closing takes back what was begun.
    }
  }

  close(): void {
    try {
      this.#db.close();
      if (this.#broken) removeFiles(this.#file);
    } catch {
      // Nothing that matters is only in it.
    }
  }
}

interface Row {
  readonly run: string;
  readonly crc: number;
}

/** SQLite notices a damaged structure, but not a damaged text. */
function checksum(kind: string, run: string, signature: string, content: string): number {
  return crc32(`${kind}\n${run}\n${signature}\n${content}`);
}

const SELECT = 'SELECT run, signature, content, crc FROM entries WHERE kind = ?';

function removeFiles(file: string): void {
  rmSync(file, { force: true });
  rmSync(`${file}-journal`, { force: true });
}

function openDatabase(file: string): Sqlite.DatabaseSync {
  const { DatabaseSync: Database } = sqlite();
  const db = new Database(file);
  try {
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version !== VERSION) {
      db.exec(`
        BEGIN IMMEDIATE;
        DROP TABLE IF EXISTS entries;
        CREATE TABLE entries (kind TEXT, run TEXT, signature TEXT, content TEXT, crc INTEGER, PRIMARY KEY (kind, run)) WITHOUT ROWID;
        PRAGMA user_version = ${VERSION};
        COMMIT;`);
    }
    // One that is not what its version says is found out here.
    db.prepare(SELECT);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Node 22 warns of it as experimental, which is nothing that a user of satsim could act on. */
function sqlite(): typeof Sqlite {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

const SQLITE_ERROR = 1;
const SQLITE_CORRUPT = 11;
const SQLITE_NOTADB = 26;

/** As opposed to locked, or in a place that can't be written. */
function isBroken(error: unknown): boolean {
  const { errcode } = error as { readonly errcode?: number };
  return errcode === SQLITE_CORRUPT || errcode === SQLITE_NOTADB || errcode === SQLITE_ERROR;
}
