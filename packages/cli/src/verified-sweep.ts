import { loadRecordedScenario, ScenarioError } from '@satsim/core';
import { readSweepManifest, type SweepVerification, verifySweep } from '@satsim/sweep';
import { placeOf } from './place-of.js';
import { findPlugins } from './plan-file.js';

/**
 * Checks a sweep with what its runs have recorded.
 * @param plugins as `--plugin` names them; those of the sweep where it doesn't
 */
export async function verifiedSweep(sweepDir: string, artifactsRoot: string, plugins: readonly string[] | undefined): Promise<SweepVerification> {
  const registry = await findPlugins(plugins ?? (await readSweepManifest(sweepDir))?.plugins);
  const laneNames = registry.names('lane');
  return verifySweep(sweepDir, {
    artifactsRoot,
    recordedScenario: async (runDir, set) => {
      const { scenario, faults } = await loadRecordedScenario(runDir, { laneNames, set });
      if (scenario === null || faults.length > 0) throw new ScenarioError(faults);
      return scenario;
    },
  });
}

export function describeSweepVerification({ sweepId, sweepDir, ok, cells, problems, notes }: SweepVerification): string {
  return [
    `${sweepId} ${ok ? 'verified' : 'NOT VERIFIED'}`,
    `cells  ${cells.sound} of ${cells.runs} runs are as they were, and as the table has them; ${cells.all} cells (${placeOf(sweepDir)})`,
    ...problems.map((problem) => `wrong  ${problem}`),
    ...notes.map((note) => `note   ${note}`),
  ].join('\n');
}
