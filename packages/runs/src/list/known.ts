import { join, sep } from 'node:path';
import type { Entry, RunIndex } from './run-index.js';
import { signatureOf } from './signature.js';
import type { Signature } from './signature.js';

/** Something that is read from files of a run and is plain JSON. */
export interface Knowable<Value> {
  readonly kind: string;
  /** Relative to the run directory; what is read depends on these alone. */
  readonly files: readonly string[];
  readonly read: (runDir: string) => Promise<Value>;
  /** Whether it may be kept. */
  readonly sound: (value: Value) => boolean;
}

/**
 * Times of changes come in steps of some milliseconds: a file that changes twice within one looks the same after both. What is
 * younger than this is read, but not kept.
 */
const YOUNG_MS = 1_000;
/** Files that are open at a time. */
const AT_ONCE = 64;

/** One value for each run, in their order: the known one where the files are as they were, read anew elsewhere. */
export async function knownOf<Value>(index: RunIndex | null, root: string, runIds: readonly string[], about: Knowable<Value>): Promise<Value[]> {
  const { kind, files, read, sound } = about;
  const known = index?.read(kind) ?? new Map<string, Entry>();
  const changed = new Map<string, Entry>();
  const stale = new Set(known.keys());
  const now = Date.now();
  const values: Value[] = [];
  const unknown: { readonly at: number; readonly signature: Signature | null }[] = [];
  for (const [at, runId] of runIds.entries()) {
    const runDir = `${root}${sep}${runId}${sep}`;
    // Before it is read: what changes meanwhile is read again next time.
    const signature = index && signatureOf(files.map((file) => runDir + file));
    const before = known.get(runId);
    if (signature && before?.signature === signature.text) {
      stale.delete(runId);
      values[at] = JSON.parse(before.content) as Value;
    } else unknown.push({ at, signature });
  }
  const one = async ({ at, signature }: (typeof unknown)[number]): Promise<void> => {
    const runId = runIds[at]!;
    const value = await read(join(root, runId));
    values[at] = value;
    const old = signature !== null && signature.changedAtMs < now - YOUNG_MS && signature.changedAtMs > 0;
    if (!old || !sound(value)) return;
    stale.delete(runId);
    changed.set(runId, { signature: signature.text, content: JSON.stringify(value) });
  };
  for (let from = 0; from < unknown.length; from += AT_ONCE) await Promise.all(unknown.slice(from, from + AT_ONCE).map(one));
  index?.write(kind, changed, [...stale]);
  return values;
}
