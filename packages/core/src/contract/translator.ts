import type { Scenario } from './scenario.js';

export interface TranslatorInput {
  /**
   * Content by path: relative to the folder that the scenario is for, with forward slashes. So a scenario that uses one of
   * the files (for example as `constellation[0].elements.file`) names it by its key.
   */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Tells people what the input says and the scenario can't, or what was assumed because the input doesn't say it. */
  readonly warn?: (message: string) => void;
  /**
   * Takes a further file that the scenario names, such as a trace (`ticks.trace`): it is written beside the scenario. By a path
   * like those of the files, below that folder, and none of theirs. Not there in hosts of core 1.0.
   */
  readonly attach?: (path: string, content: string | Uint8Array) => void;
}

/** Turns a foreign description of a network into a scenario. Pure: same files, same scenario and further files; the input is not changed. */
export interface Translator {
  /**
   * Whether the files are of this format beyond doubt, faulty ones included; asked of every translator when the user
   * names none. Judges by content and must not throw. A translator without it has to be named.
   */
  recognizes?(input: Pick<TranslatorInput, 'files'>): boolean;
  /** @throws ScenarioError, each fault with the file and with the line or the field in it; without file: `path` names the one that is missing */
  translate(input: TranslatorInput): Promise<Scenario>;
}
