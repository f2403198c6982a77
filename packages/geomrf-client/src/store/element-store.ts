import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { messageOf, nodeIdSchema, openArtifactArea, SatsimError } from '@satsim/core';
import { epochToIso, parseElements } from '@satsim/elements';

/** What is known of imported element sets; beside them in the store as `<sha256>.json`. */
export interface StoredElements {
  /** Of the file as it was imported, and its name in the store. */
  readonly sha256: string;
  readonly format: string;
  readonly satellites: number;
  /** Epochs of the oldest and the youngest element set, ISO 8601. */
  readonly firstEpoch: string;
  readonly lastEpoch: string;
  /** The file that was imported first. */
  readonly importedFrom: string;
  /** ISO 8601. */
  readonly importedAt: string;
}

export interface ImportedElements extends StoredElements {
  /** What scenarios may call it besides `sha256:…`; `null` without one. */
  readonly name: string | null;
  /** Absolute: the file in the store. */
  readonly path: string;
  /** What the name stood for before, when that was something else. */
  readonly replaced: string | null;
}

const BY_HASH = /^sha256:([0-9a-f]{64})$/;

/** Beside the runs: `artifacts/elements` of `artifacts/runs`. */
export const elementStoreOf = (artifactsRoot: string): string => resolve(artifactsRoot, '..', 'elements');

/**
 * Copies a file of element sets into the store, under the SHA-256 of its content: it can be removed or change, what a scenario names by
 * hash stays what it was. A name is a label that can be given to other element sets later.
 *
 * @throws SatsimError USAGE when the file can't be read, is none of element sets, or the name is no name; ARTIFACTS
 */
export async function importElements(artifactsRoot: string, file: string, name: string | null): Promise<ImportedElements> {
  if (name !== null && (!nodeIdSchema.safeParse(name).success || name === 'names'))
    throw new SatsimError('USAGE', `${name} is no name for element sets`, { hint: 'letters, digits, `.`, `_` and `-`, the first a letter or digit' });
  const importedFrom = resolve(file);
  const content = await readFile(importedFrom).catch((error: unknown) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new SatsimError('USAGE', `${importedFrom} cannot be read: ${missing ? 'there is no such file' : messageOf(error)}`, {
      cause: error,
      hint: 'name a file of element sets: OMM (JSON, XML, CSV, KVN), TLE or 3LE',
    });
  });
  const { format, elements, faults } = parseElements(content, importedFrom);
  if (faults.length > 0) {
    const lines = faults.map(({ line, message }) => `${importedFrom}${line === null ? '' : `:${line}`}: ${message}`);
    throw new SatsimError('USAGE', lines.join('\n'), { hint: 'nothing was imported: a part of the element sets would be another constellation' });
  }
  const sha256 = sha256Of(content);
  const store = await openArtifactArea(elementStoreOf(artifactsRoot), '--artifacts-root');
  const path = join(store.dir, sha256);
  const known = await readDescription(store.dir, sha256);
  const epochs = elements.map(({ epoch }) => epochToIso(epoch)).sort();
  const described: StoredElements = known ?? {
    sha256,
    format,
    satellites: elements.length,
    firstEpoch: epochs[0]!,
    lastEpoch: epochs.at(-1)!,
    importedFrom,
    importedAt: new Date().toISOString(),
  };
  // What is there may have been damaged since.
  if ((await hashOfFile(path)) !== sha256) await store.writeFile(sha256, content);
  if (known === null) await store.writeFile(`${sha256}.json`, `${JSON.stringify(described, null, 2)}\n`);
  const before = name === null ? null : await readName(store.dir, name);
  if (name !== null && before !== sha256) await store.writeFile(`names/${name}`, `${sha256}\n`);
  return { ...described, name, path, replaced: before === sha256 ? null : before };
}

export interface ElementListing {
  /** The last first. */
  readonly sets: readonly (StoredElements & { readonly names: readonly string[]; readonly path: string })[];
  /** Files of the store that are not what was written, in words. */
  readonly damage: readonly string[];
}

/** All element sets that were imported, with their names. One whose description can't be read is among the damage alone. */
export async function listElements(artifactsRoot: string): Promise<ElementListing> {
  const store = elementStoreOf(artifactsRoot);
  const names = new Map<string, string[]>();
  for (const name of (await filesIn(join(store, 'names'))).sort()) {
    const sha256 = await readName(store, name);
    if (sha256 !== null) names.set(sha256, [...(names.get(sha256) ?? []), name]);
  }
  const sets: ElementListing['sets'][number][] = [];
  const damage: string[] = [];
  const hashes = (await filesIn(store)).flatMap((file) => /^([0-9a-f]{64})(?:\.json)?$/.exec(file)?.[1] ?? []);
  for (const sha256 of new Set(hashes.sort())) {
    const path = join(store, sha256);
    const described = await readDescription(store, sha256);
    if (described === null) damage.push(`${path}.json cannot be read: import sha256:${sha256} again`);
    else sets.push({ ...described, names: names.get(sha256) ?? [], path });
    if ((await hashOfFile(path)) !== sha256) damage.push(`${path} is not what was imported: import the element sets again`);
  }
  return { sets: sets.sort((a, b) => (a.importedAt < b.importedAt ? 1 : -1)), damage };
}

/**
 * What a scenario means by `sha256:…`, or by a name that is no file.
 * @returns `null` when the store has none that is called so
 * @throws SatsimError ARTIFACTS when what is there is damaged
 */
export async function storedElements(store: string, reference: string): Promise<Buffer | null> {
  const sha256 = BY_HASH.exec(reference)?.[1] ?? (await readName(store, reference));
  if (sha256 === null) return null;
  const path = join(store, sha256);
  const content = await readFile(path).catch(() => null);
  if (content === null) return null;
  const found = sha256Of(content);
  if (found === sha256) return content;
  throw new SatsimError('ARTIFACTS', `${path} is damaged: its SHA-256 is ${found}`, { hint: 'import the element sets again' });
}

export const isStoreReference = (file: string): boolean => BY_HASH.test(file);

async function readName(store: string, name: string): Promise<string | null> {
  if (!nodeIdSchema.safeParse(name).success) return null;
  const text = await readFile(join(store, 'names', name), 'utf8').catch(() => '');
  return /^[0-9a-f]{64}$/.exec(text.trim())?.[0] ?? null;
}

async function readDescription(store: string, sha256: string): Promise<StoredElements | null> {
  try {
    const described = JSON.parse(await readFile(join(store, `${sha256}.json`), 'utf8')) as Partial<StoredElements> | null;
    const { satellites, format, firstEpoch, lastEpoch, importedFrom, importedAt } = described ?? {};
    const sound = [format, firstEpoch, lastEpoch, importedFrom, importedAt].every((text) => typeof text === 'string') && typeof satellites === 'number';
    return sound && described?.sha256 === sha256 ? (described as StoredElements) : null;
  } catch {
    return null;
  }
}

async function hashOfFile(path: string): Promise<string | null> {
  const content = await readFile(path).catch(() => null);
  return content && sha256Of(content);
}

const filesIn = (dir: string): Promise<string[]> => readdir(dir).catch((): string[] => []);
const sha256Of = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');
