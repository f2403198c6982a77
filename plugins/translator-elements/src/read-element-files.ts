import { ScenarioError, type ScenarioFault, toNodeId } from '@satsim/core';
import { type ElementSet, parseElements } from '@satsim/elements';

export interface ReadFile {
  readonly path: string;
  readonly elements: readonly ElementSet[];
}

/** Line 1 and line 2 of a set below each other, or the one keyword that an OMM for SGP4 can't be without. */
const MARKS = /^1 [\dA-Z ]{5}.*\r?\n2 [\dA-Z ]{5}|\bMEAN_MOTION\b/m;

/** A file given twice, or one with the history of a satellite, is one cause, not thousands. */
const MAX_REPEATED = 20;

export function looksLikeElements(content: Uint8Array): boolean {
  return MARKS.test(new TextDecoder().decode(content));
}

/**
 * All files in the order of their paths.
 * @throws ScenarioError with all faults: what can't be read, and satellites that stand there twice
 */
export function readElementFiles(files: ReadonlyMap<string, Uint8Array>): ReadFile[] {
  const faults: ScenarioFault[] = [];
  const read = [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, content]) => {
      const parsed = parseElements(content, path);
      for (const { line, message } of parsed.faults) faults.push({ message, path: [], file: path, line });
      return { path, elements: parsed.elements };
    });
  const repeated = twice(read);
  faults.push(...repeated.slice(0, MAX_REPEATED));
  if (repeated.length > MAX_REPEATED)
    faults.push({ ...repeated[MAX_REPEATED]!, message: `and ${repeated.length - MAX_REPEATED} more element sets of satellites that stand there already` });
  if (read.length === 0)
    faults.push({ message: 'there is no file', path: ['elements'], file: null, line: null, hint: 'give at least one: OMM (JSON, XML, CSV, KVN), TLE or 3LE' });
  if (faults.length > 0) throw new ScenarioError(faults);
  return read;
}

/** A satellite's id is made of its name and catalogue number, so the same two can't stand in a scenario twice. */
function twice(read: readonly ReadFile[]): ScenarioFault[] {
  const firstIn = new Map<string, string>();
  return read.flatMap(({ path, elements }) =>
    elements.flatMap(({ objectName, noradCatId }) => {
      const key = `${toNodeId(objectName)} ${noradCatId}`;
      const first = firstIn.get(key);
      if (first === undefined) firstIn.set(key, path);
      if (first === undefined) return [];
      const message = `${objectName} (${noradCatId}) stands ${first === path ? 'twice in this file' : `in ${first} already`}`;
      return [{ message, path: ['NORAD_CAT_ID'], file: path, line: null, hint: 'leave one element set for each satellite' }];
    }),
  );
}
