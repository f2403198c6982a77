import type { FaultList } from '@satsim/core';

export interface TextFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a satellite network state that this translator reads; Hypatia finds them by these names, too. */
const STATE_FILES = ['tles.txt', 'isls.txt', 'ground_stations.txt', 'description.txt'] as const;
/** Of a run over such a state. */
export const RUN_FILE = 'config_ns3.properties';

export function looksLikeState(files: ReadonlyMap<string, Uint8Array>): boolean {
  return STATE_FILES.every((name) => pathsOf(files, name).length === 1) && /^\d+ +\d+\s/.test(decode(files.get(pathsOf(files, 'tles.txt')[0]!)!));
}

/** The one file of this name, in whatever folder; `null` when there is none, and after a fault when there are several. */
export function findFile(files: ReadonlyMap<string, Uint8Array>, name: string, faults: FaultList): TextFile | null {
  const paths = pathsOf(files, name);
  if (paths.length > 1) faults.add(null, null, [name], `is there more than once: ${paths.join(', ')}`, 'give the files of one state');
  return paths.length === 1 ? { path: paths[0]!, text: decode(files.get(paths[0]!)!) } : null;
}

export function requireFile(files: ReadonlyMap<string, Uint8Array>, name: (typeof STATE_FILES)[number], faults: FaultList): TextFile | null {
  if (pathsOf(files, name).length === 0) faults.add(null, null, [name], 'is missing', `a satellite network state is ${STATE_FILES.join(', ')}`);
  return findFile(files, name, faults);
}

/** Lines that hold something, with their numbers from 1. */
export function linesOf({ text }: TextFile): { readonly number: number; readonly line: string }[] {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, index) => ({ number: index + 1, line: line.trim() }))
    .filter(({ line }) => line !== '');
}

function pathsOf(files: ReadonlyMap<string, Uint8Array>, name: string): string[] {
  return [...files.keys()].filter((path) => path.split('/').at(-1) === name).sort();
}

const decode = (content: Uint8Array): string => new TextDecoder().decode(content);
