import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ScenarioError, faultAt } from '@satsim/core';
import type { FieldLocator, FieldPath, ScenarioFault, ScenarioInput } from '@satsim/core';

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
  readonly #faults: ScenarioFault[] = [];
  readonly #inputs = new Map<string, ScenarioInput>();

  constructor(options: CompileOptions) {
    this.#options = options;
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

  /** Reads a file named by a field; `null` after a fault. A file named twice is read once. */
  async read(path: FieldPath, name: string): Promise<ScenarioInput | null> {
    const file = resolve(this.#options.baseDir, name);
    const known = this.#inputs.get(file);
    if (known !== undefined) return known;
    const given = this.#options.inputs?.find((input) => input.path === file);
    if (given !== undefined) {
      this.#inputs.set(file, given);
      return given;
    }
    try {
      const content = await readFile(file, { signal: this.#options.signal });
      const input = { path: file, sha256: createHash('sha256').update(content).digest('hex'), content };
      this.#inputs.set(file, input);
      return input;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      this.fault(path, `${file}: ${readFault(error)}`, "relative paths start from the scenario's folder");
      return null;
    }
  }

  /** @throws ScenarioError with everything found so far */
  throwIfFaulty(): void {
    if (this.#faults.length > 0) throw new ScenarioError(this.#faults);
  }
}
