import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ScenarioError, faultAt, isSatsimError } from '@satsim/core';
import type { FieldLocator, FieldPath, ScenarioFault, ScenarioInput } from '@satsim/core';
import { isStoreReference, storedElements } from '../store/element-store.js';

export interface CompileOptions {
  /** Folder that relative paths of the scenario start from. */
  readonly baseDir: string;
  readonly locate: FieldLocator;
  /** Files that were read already: what they held then counts. */
  readonly inputs?: readonly ScenarioInput[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

const READ_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'is a folder, not a file',
  EACCES: 'may not be read (permission denied)',
};

const RELATIVE = "relative paths start from the scenario's folder";

/** Why a file could not be read, for people. */
export function readFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return READ_FAULTS[code ?? ''] ?? message;
}

/** A broken file of thousands of lines is one cause, not thousands. */
const MAX_FAULTS_A_FILE = 20;

/** What all steps of one compilation share: faults collected, so that all are told at once, and the files read. */
export class CompileContext {
  readonly warnings: string[] = [];
  readonly #options: CompileOptions;
  readonly #elementStore: string;
  readonly #faults: ScenarioFault[] = [];
  readonly #inputs = new Map<string, ScenarioInput>();

  /** @param elementStore where element sets that were imported are */
  constructor(options: CompileOptions, elementStore: string) {
    this.#options = options;
    this.#elementStore = elementStore;
  }

  get faulty(): boolean {
    return this.#faults.length > 0;
  }

  get inputs(): readonly ScenarioInput[] {
    return [...this.#inputs.values()];
  }

  /** Something is wrong with a field of the scenario. */
  fault(path: FieldPath, message: string, hint?: string): void {
    this.#faults.push(faultAt(this.#options.locate, path, message, hint));
  }

  /** Something is wrong inside a file that a field names. */
  faultsInFile(path: FieldPath, file: string, found: readonly { readonly line: number | null; readonly message: string }[]): void {
    for (const { line, message } of found.slice(0, MAX_FAULTS_A_FILE)) {
      this.#faults.push({ path, file, line, message: line === null ? message : `line ${line}: ${message}` });
    }
    const more = found.length - MAX_FAULTS_A_FILE;
    if (more > 0) this.#faults.push({ path, file, line: null, message: `and ${more} more faults in this file` });
  }

  /**
   * Reads a file named by a field; `null` after a fault. A file named twice is read once.
   * @param orImported the field may also mean element sets that were imported: by `sha256:…`, or by a name that is no file
   */
  async read(path: FieldPath, name: string, orImported = false): Promise<ScenarioInput | null> {
    const file = resolve(this.#options.baseDir, name);
    const known = this.#inputs.get(file);
    if (known !== undefined) return known;
    const given = this.#options.inputs?.find((input) => input.path === file);
    if (given !== undefined) {
      this.#inputs.set(file, given);
      return given;
    }
    try {
      const byHash = orImported && isStoreReference(name);
      const content = (byHash ? null : await this.#readFile(file)) ?? (orImported ? await storedElements(this.#elementStore, name) : null);
      if (content === null) {
        const hint = orImported ? `relative paths start from the scenario's folder; element sets that were imported are in ${this.#elementStore}` : RELATIVE;
        this.fault(path, byHash ? `${name} was not imported` : `${file}: no such file`, hint);
        return null;
      }
      const input = { path: file, sha256: createHash('sha256').update(content).digest('hex'), content };
      this.#inputs.set(file, input);
      return input;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.fault(path, isSatsimError(error) ? error.message : `${file}: ${readFault(error)}`, RELATIVE);
      return null;
    }
  }

  /** `null` when there is none. */
  async #readFile(file: string): Promise<Buffer | null> {
    try {
      return await readFile(file, { signal: this.#options.signal });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /** @throws ScenarioError with everything found so far */
  throwIfFaulty(): void {
    if (this.#faults.length > 0) throw new ScenarioError(this.#faults);
  }
}
