import type { RunListing } from '@satsim/core/records';
import { findListedRuns } from '../list/find-runs.js';
import type { RunFilter } from '../list/run-filter.js';
import { removeRuns } from './remove-runs.js';
import type { Removal } from './remove-runs.js';

export interface Retention {
  /** Runs that may go: those that meet every condition. `untilMs` is the age. */
  readonly filter: RunFilter;
  /** Of those, the newest so many stay. */
  readonly keepLast?: number | undefined;
}

/** What `satsim runs gc` removes, oldest last; runs that still go on are never among it. */
async function expiredRuns(artifactsRoot: string, { filter, keepLast = 0 }: Retention): Promise<readonly RunListing[]> {
  const found = await findListedRuns(artifactsRoot, filter);
  return found.filter(({ status }) => status !== 'running').slice(keepLast);
}

/** @throws SatsimError ARTIFACTS when something can't be removed */
export async function collectRuns(artifactsRoot: string, retention: Retention, dryRun: boolean): Promise<readonly Removal[]> {
  return removeRuns(artifactsRoot, await expiredRuns(artifactsRoot, retention), dryRun);
}
