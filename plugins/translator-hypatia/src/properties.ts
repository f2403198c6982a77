import type { FaultList } from '@satsim/core';
import { linesOf, type TextFile } from './state-files.js';

/** `key=value` lines, of which a few are numbers that matter here. */
export class Properties {
  readonly #file: TextFile;
  readonly #faults: FaultList;
  readonly #lines = new Map<string, { readonly number: number; readonly value: string }>();

  constructor(file: TextFile, faults: FaultList) {
    this.#file = file;
    this.#faults = faults;
    for (const { number, line } of linesOf(file)) {
      const at = line.indexOf('=');
      if (at > 0 && !line.startsWith('#')) this.#lines.set(line.slice(0, at).trim(), { number, value: line.slice(at + 1).trim() });
    }
  }

  /** A number above 0; NaN after a fault. */
  positive(key: string): number {
    const found = this.#lines.get(key);
    const value = found === undefined || found.value === '' ? NaN : Number(found.value);
    if (found === undefined) this.fault(key, 'is missing');
    else if (!(value > 0 && value < Infinity)) this.fault(key, `a number above 0 is expected, found ${JSON.stringify(found.value)}`);
    return value > 0 ? value : NaN;
  }

  fault(key: string, message: string, hint?: string): void {
    this.#faults.add(this.#file.path, this.#lines.get(key)?.number ?? null, [key], message, hint);
  }
}
