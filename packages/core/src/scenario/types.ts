import type { Scenario } from '../contract/scenario.js';
import type { ScenarioInput } from '../contract/network.js';
import type { FieldLocator } from '../contract/tick-source.js';
import type { ScenarioFault } from '../errors.js';

/** What `--set`, `--dt`, `--seed` and the names of installed lanes add to a scenario file. */
export interface LoadOptions {
  /** `key.path[0]=value`, the value read as YAML; applied after includes, in order. */
  readonly set?: readonly string[];
  /** Names of lanes whose blocks may stand at the top level. */
  readonly laneNames: readonly string[];
  /** For `${NAME}` and `${NAME:-default}`; `process.env` by default. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Files that were read already, by absolute path: what each held then counts, whatever is there by now. */
  readonly files?: readonly ScenarioInput[];
}

export interface LoadedScenario {
  /** Absolute path of the file. */
  readonly file: string;
  /** Folder that the scenario's relative paths start from. */
  readonly baseDir: string;
  /** The file as given. */
  readonly source: string;
  /**
   * The scenario, with `time.t1` set and `time.duration` gone. With faults: what is left when the faulty parts are taken
   * out or filled with placeholders, so that later checks can report theirs as well (never to be run); `null` when
   * nothing useful is left. When nodes are lost with the faulty parts, so are the fields that name nodes.
   */
  readonly scenario: Scenario | null;
  readonly faults: readonly ScenarioFault[];
  readonly warnings: readonly string[];
  readonly locate: FieldLocator;
  /** Files that the scenario names, where they are not to be read from where it says: a recorded run brings its own. */
  readonly inputs?: readonly ScenarioInput[];
  /** The files of `include`, each once, in the order of reading. */
  readonly included?: readonly ScenarioInput[];
}

export interface Timebase {
  readonly t0Ms: number;
  /** Exclusive. */
  readonly t1Ms: number;
  readonly dtMs: number;
  /** Number of k ≥ 0 with t0 + k·dt < t1. */
  readonly tickCount: number;
}
