import type { Command } from 'commander';

/** That of a scenario that says nothing (a test compares the two); written down here, as reading the schema takes longer than listing runs. */
export const USUAL_ARTIFACTS_ROOT = './artifacts/runs';

/** Where runs are, for verbs that read no scenario; by default where a scenario that says nothing puts them. */
export function addArtifactsRootOption(command: Command): Command {
  return command.option('--artifacts-root <folder>', 'the folder that holds the runs', USUAL_ARTIFACTS_ROOT);
}
