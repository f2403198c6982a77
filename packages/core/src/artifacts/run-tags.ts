import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactError } from './artifact-error.js';
import { lineChecksum } from './line-checksum.js';
import { TAGS_PATH } from './run-paths.js';

/** One line of `tags.jsonl`, with a checksum: the run manifest stays as the run left it. */
export interface TagChange {
  /** ISO 8601. */
  readonly at: string;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** In the order of the first time; a tag is there once. */
export function tagsAfter(tags: readonly string[], changes: readonly TagChange[]): readonly string[] {
  const now = new Set(tags);
  for (const { add, remove } of changes) {
    for (const tag of remove) now.delete(tag);
    for (const tag of add) now.add(tag);
  }
  return [...now];
}

/**
 * Changes the tags of a run. One append of one line: changes that come together are all kept, and one that was cut off spoils
 * no other.
 * @throws SatsimError ARTIFACTS
 */
export async function changeTags(runDir: string, add: readonly string[], remove: readonly string[]): Promise<void> {
  const path = join(runDir, TAGS_PATH);
  const change: TagChange = { at: new Date().toISOString(), add, remove };
  // A line end before it as well: what a crash cut off before stays on a line of its own.
  await appendFile(path, `\n${JSON.stringify({ ...change, crc32: lineChecksum(change) })}\n`, { flush: true }).catch((error: unknown) => {
    throw artifactError(error, 'write', path, null);
  });
}

/** What can't be read of the file, or is damaged, is passed over and told in `problems`. */
export async function readTagChanges(runDir: string, problems: string[]): Promise<readonly TagChange[]> {
  const path = join(runDir, TAGS_PATH);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(artifactError(error, 'read', path).message);
    return [];
  }
  return text.split('\n').flatMap((line, index) => {
    if (line === '') return [];
    const change = parse(line);
    if (change === null) problems.push(`${path}:${index + 1} is not what satsim writes there: it is cut off or damaged`);
    return change ?? [];
  });
}

function parse(line: string): TagChange | null {
  try {
    const { at, add, remove, ...more } = JSON.parse(line) as Partial<Record<keyof TagChange, unknown>>;
    if (typeof at !== 'string' || !areTexts(add) || !areTexts(remove)) return null;
    const change = { at, add, remove };
    // Lines of core 1.0 have no checksum, and nothing in its place.
    const sound = Object.keys(more).length === 0 || ('crc32' in more && more.crc32 === lineChecksum(change));
    return sound ? change : null;
  } catch {
    return null;
  }
}

const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === 'string');
