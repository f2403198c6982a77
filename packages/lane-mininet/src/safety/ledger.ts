import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf, SatsimError } from '@satsim/core';
import type { ProcessIdentity } from './process-identity.js';

/** Whose ledger it is: its first line. */
export interface LedgerOwner {
  readonly kind: 'run';
  readonly runId: string;
  readonly runDir: string;
  /** All names of the run begin with it. */
  readonly prefix: string;
  readonly owner: ProcessIdentity;
}

/** What a run is about to make; one line of its ledger. */
export type LedgerEntry =
  | LedgerOwner
  /** Mininet nodes: each is a shell called `mininet:NAME`, which holds the node's namespace. */
  | { readonly kind: 'nodes'; readonly names: readonly string[] }
  /** Open vSwitch bridges. */
  | { readonly kind: 'bridges'; readonly names: readonly string[] }
  /** Interfaces of the root namespace, with their queueing disciplines. */
  | { readonly kind: 'interfaces'; readonly names: readonly string[] }
  | { readonly kind: 'process'; readonly what: string; readonly process: ProcessIdentity };

const isRoot = (): boolean => process.getuid?.() === 0;
/** Gone with a reboot, as are namespaces and interfaces. */
const ownFolder = (): string => process.env['XDG_RUNTIME_DIR'] ?? tmpdir();

/** Where ledgers are kept. */
export function ledgerFolder(): string {
  return isRoot() ? '/run/satsim/mininet' : join(ownFolder(), 'satsim-mininet');
}

/**
 * For sockets of a run's daemons: a path in the run directory may be too long for one, and closed to daemons that give up
 * root. Named for the run, so that it needs no line in the ledger.
 */
export const socketFolder = (prefix: string): string => join(isRoot() ? '/run' : ownFolder(), `satsim-${prefix}`);

/**
 * Everything a run makes on the machine, written down and on the disk before it is made: whatever ends the run, what is
 * left can be found by name and removed.
 */
export class Ledger {
  readonly path: string;
  #file: number | null = null;

  /** @throws SatsimError when it can't be written: then nothing may be made */
  constructor(owner: LedgerOwner, folder: string = ledgerFolder()) {
    this.path = join(folder, `${owner.prefix}.jsonl`);
    const draft = join(folder, `${owner.prefix}-${process.pid}.tmp`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      this.#file = openSync(draft, 'w');
      this.add(owner);
      // Appears at once and with its owner, so that nobody takes it for a dead run's. Two runs of one prefix would remove
      // each other's: the second is refused.
      linkSync(draft, this.path);
    } catch (error) {
      if (this.#file !== null) {
        closeSync(this.#file);
        rmSync(draft, { force: true });
      }
      const taken = (error as NodeJS.ErrnoException).code === 'EEXIST';
      throw new SatsimError(
        'LANE_FAILED',
        taken ? `another run has the names that begin with ${owner.prefix}` : `${folder} cannot be written: ${messageOf(error)}`,
        {
          cause: error,
          hint: taken ? 'start again: every run has names of its own' : 'what the lane makes is written down there first; nothing was made',
        },
      );
    }
    rmSync(draft, { force: true });
  }

  add(entry: LedgerEntry): void {
    if (this.#file === null) throw new SatsimError('LANE_FAILED', `the ledger ${this.path} is closed`);
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    fsyncSync(this.#file);
  }

  /** All that it names is gone: so is the ledger. Safe to call twice. */
  settle(): void {
    if (this.#file === null) return;
    closeSync(this.#file);
    this.#file = null;
    rmSync(this.path, { force: true });
  }
}

export interface LedgerReading {
  readonly path: string;
  /** In the order in which they were written; a line that a crash cut off is left out: what it names was not made. */
  readonly entries: readonly LedgerEntry[];
}

export function readLedgers(folder: string = ledgerFolder()): readonly LedgerReading[] {
  let names: string[];
  try {
    names = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  } catch {
    return [];
  }
  return names.sort().map((name) => readLedger(join(folder, name)));
}

export function readLedger(path: string): LedgerReading {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Its run has just come to its end.
  }
  const entries = text.split('\n').flatMap((line): LedgerEntry[] => {
    try {
      return [JSON.parse(line) as LedgerEntry];
    } catch {
      return [];
    }
  });
  return { path, entries };
}
