import { SatsimError } from '@satsim/core';
import type { RunManifest, RunRecord } from '@satsim/core';

/**
 * The manifest of a run that will not change any more.
 * @throws SatsimError VERIFICATION_FAILED when it can't be read, RUN_STATE when it still goes on
 */
export function endedRun({ runId, status, manifest, problems }: RunRecord): RunManifest {
  if (manifest === null) throw new SatsimError('VERIFICATION_FAILED', `run ${runId} cannot be read: ${problems.join('; ')}`);
  if (status === 'running') throw new SatsimError('RUN_STATE', `run ${runId} still goes on`, { hint: 'wait for its end' });
  return manifest;
}
