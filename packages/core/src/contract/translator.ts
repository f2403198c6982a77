import type { Scenario } from './scenario.js';

/** Turns a foreign description of a network into a scenario. Pure: same files, same scenario; the input is not changed. */
export interface Translator {
  /**
   * @param input.files content by path, relative and with forward slashes
   * @throws ScenarioError naming file and field
   */
  translate(input: { readonly files: ReadonlyMap<string, Uint8Array> }): Promise<Scenario>;
}
