import { scenarioSchema } from '@satsim/core';
import type { Command } from 'commander';

/** Where runs are, for verbs that read no scenario; by default where a scenario that says nothing puts them. */
export function addArtifactsRootOption(command: Command): Command {
  const { artifacts_root: usual } = scenarioSchema.shape.paths.parse(undefined);
  return command.option('--artifacts-root <folder>', 'the folder that holds the runs', usual);
}
