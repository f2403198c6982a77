import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ScenarioInput } from '../contract/network.js';
import type { FieldPath } from '../contract/tick-source.js';
import { messageOf, type ScenarioFault } from '../errors.js';
import type { Environment } from './expand-env.js';
import { childOf, type Located, type Position, withoutEntry } from './located.js';
import { mergeScenarios } from './merge.js';
import { readYaml } from './yaml-source.js';

const MAX_FILES = 256;

export interface MergedFiles {
  /** Null when there is no file to speak of. */
  readonly root: Located | null;
  /** The main file's text. */
  readonly source: string;
  /** As the faults name them, in the order of reading. */
  readonly files: readonly string[];
  /** All of them but the main one. */
  readonly included: readonly ScenarioInput[];
  readonly faults: readonly ScenarioFault[];
  /** Whether every file could be read: if not, keys that are missing may be in the other ones. */
  readonly complete: boolean;
}

/**
 * Reads a scenario file and those that it includes. Included files come first, in their order, each with its own
 * includes; the including file wins. Paths of `include` are relative to the file they stand in.
 * @param known what is not read again
 */
export async function readWithIncludes(file: string, env: Environment, known: readonly ScenarioInput[] = []): Promise<MergedFiles> {
  const reader = new IncludeReader(env, known);
  const { root, source } = await reader.read(file, [], null, []);
  return { root, source, files: reader.files, included: [...reader.included.values()], faults: reader.faults, complete: reader.complete };
}

class IncludeReader {
  readonly files: string[] = [];
  readonly included = new Map<string, ScenarioInput>();
  readonly faults: ScenarioFault[] = [];
  complete = true;
  #reads = 0;
  readonly #env: Environment;
  readonly #known: readonly ScenarioInput[];

  constructor(env: Environment, known: readonly ScenarioInput[]) {
    this.#env = env;
    this.#known = known;
  }

  /** @param from place of the `include` that names the file; null for the main file */
  async read(file: string, parents: readonly string[], from: Position | null, field: FieldPath): Promise<{ root: Located | null; source: string }> {
    const refuse = (message: string, hint?: string): { root: null; source: string } => {
      this.complete = false;
      this.faults.push({ message, path: field, file: from?.file ?? file, line: from?.line ?? null, ...(hint === undefined ? {} : { hint }) });
      return { root: null, source: '' };
    };
    const absolute = path.resolve(file);
    if (parents.includes(absolute)) return refuse(`the include goes in a circle: ${[...parents, absolute].map((name) => path.basename(name)).join(' → ')}`);
    // Counts readings, not files: few files that include each other twice are many.
    if (++this.#reads > MAX_FILES) return this.#reads > MAX_FILES + 1 ? { root: null, source: '' } : refuse(`more than ${MAX_FILES} files are included`);
    let bytes: Uint8Array;
    try {
      bytes = this.#known.find((one) => one.path === absolute)?.content ?? (await readFile(file));
    } catch (error) {
      return refuse(`${from === null ? 'the scenario' : `\`${file}\``} cannot be read: ${readingFault(error)}`);
    }
    if (!this.files.includes(file)) this.files.push(file);
    if (from !== null) this.included.set(absolute, { path: absolute, sha256: createHash('sha256').update(bytes).digest('hex'), content: bytes });
    const source = decode(bytes);
    if (source === null) return { ...refuse(`${from === null ? 'the file' : `\`${file}\``} is not UTF-8 text`), source: new TextDecoder().decode(bytes) };
    const { root, faults } = readYaml(source, file, this.#env);
    this.faults.push(...faults);
    if (root?.kind !== 'map') this.complete = false;
    if (root === null) return { root, source };
    if (root.kind !== 'map') {
      this.faults.push({ message: 'a scenario is a map of keys such as `name` and `time`', path: [], file, line: root.at.line });
      return { root: null, source };
    }
    return { root: await this.#merged(root, file, [...parents, absolute]), source };
  }

  async #merged(root: Extract<Located, { kind: 'map' }>, file: string, parents: readonly string[]): Promise<Located> {
    let base: Located | null = null;
    for (const { name, at, field } of this.#includes(root)) {
      const { root: included } = await this.read(path.isAbsolute(name) ? name : path.join(path.dirname(file), name), parents, at, field);
      if (included) base = base === null ? included : mergeScenarios(base, included);
    }
    const own = withoutEntry(root, 'include');
    return base === null ? own : mergeScenarios(base, own);
  }

  #includes(root: Located): { name: string; at: Position; field: FieldPath }[] {
    const include = childOf(root, 'include');
    if (include === undefined) return [];
    const listed =
      include.kind === 'list' ? include.items.map((item, index) => ({ item, field: ['include', index] })) : [{ item: include, field: ['include'] }];
    return listed.flatMap(({ item, field }) => {
      if (item.kind === 'scalar' && typeof item.value === 'string' && item.value !== '') return [{ name: item.value, at: item.at, field }];
      const problem = (item.kind === 'scalar' && item.problem) || { message: 'expected the path of a file, or a list of them' };
      this.faults.push({ ...problem, path: field, file: item.at.file, line: item.at.line });
      return [];
    });
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Why a file could not be read, in words for people. */
export function readingFault(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is not UTF-8 text';
  return messageOf(error);
}
