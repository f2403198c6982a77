import type { FieldPath } from '../contract/tick-source.js';
import { ScenarioError, type ScenarioFault } from '../errors.js';

/** A broken file of thousands of lines is one cause, not thousands. */
const MAX_FAULTS_A_FILE = 20;

/** For translators: what is wrong in any of the files, so that all is told at once; of each file the first 20 faults, and how many more there are. */
export class FaultList {
  readonly #byFile = new Map<string | null, ScenarioFault[]>();

  add(file: string | null, line: number | null, path: FieldPath, message: string, hint?: string): void {
    const faults = this.#byFile.get(file) ?? [];
    this.#byFile.set(file, faults);
    faults.push({ message, path, file, line, ...(hint === undefined ? {} : { hint }) });
  }

  get empty(): boolean {
    return this.#byFile.size === 0;
  }

  /** @throws ScenarioError when there is any fault */
  throwIfAny(): void {
    if (this.empty) return;
    throw new ScenarioError(
      [...this.#byFile].flatMap(([file, faults]) => {
        const more = faults.length - MAX_FAULTS_A_FILE;
        return more > 0 ? [...faults.slice(0, MAX_FAULTS_A_FILE), { message: `and ${more} more faults in this file`, path: [], file, line: null }] : faults;
      }),
    );
  }
}
