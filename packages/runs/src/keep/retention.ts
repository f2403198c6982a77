import { SatsimError } from '@satsim/core/records';
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

/**
 * Removes what may go.
 * @throws SatsimError USAGE without any condition: every run would go, and nobody has said so
 * @throws SatsimError ARTIFACTS when something can't be removed
 */
export async function collectRuns(artifactsRoot: string, retention: Retention, dryRun: boolean): Promise<readonly Removal[]> {
  const { filter, keepLast } = retention;
  if (keepLast === undefined && Object.values(filter).every(isNone))
    throw new SatsimError('USAGE', 'no condition says which runs are to go', {
      hint: 'name one, such as --older-than 30d; `--keep-last 0` is for all of them',
    });
  return removeRuns(artifactsRoot, await expiredRuns(artifactsRoot, retention), dryRun);
}

function isNone(condition: RunFilter[keyof RunFilter]): boolean {
  return condition === undefined || (Array.isArray(condition) && condition.length === 0);
}
