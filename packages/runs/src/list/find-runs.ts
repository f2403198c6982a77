import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { findRuns, judgeRun, newestFirst, RUN_FACT_FILES, readRunFacts, withoutRemoved } from '@satsim/core/records';
import type { RunFacts, RunListing } from '@satsim/core/records';
import { knownOf } from './known.js';
import type { Knowable } from './known.js';
import { matches, matchesScenario } from './run-filter.js';
import type { RunFilter } from './run-filter.js';
import { RunIndex } from './run-index.js';

/** Fewer are read as quickly as an index of them. */
const WORTH_AN_INDEX = 50;
const SCENARIO = 'manifests/scenario.normalized.json';

const FACTS: Knowable<RunFacts> = {
  kind: 'facts',
  files: RUN_FACT_FILES,
  read: readRunFacts,
  // What is wrong names files by their place, and that may change without them.
  sound: ({ problems }) => problems.length === 0,
};
const SCENARIOS: Knowable<unknown> = {
  kind: 'scenario',
  files: [SCENARIO],
  read: async (runDir) => {
    try {
      return JSON.parse(await readFile(join(runDir, SCENARIO), 'utf8')) as unknown;
    } catch {
      // A run without it has none of the fields that are asked for.
      return null;
    }
  },
  sound: (scenario) => scenario !== null,
};

/**
 * The runs below a folder that meet every condition, newest first; the same as `listRuns` of core says at this moment, but quick for
 * tens of thousands: what their files said before is kept in an index beside them (`.index.sqlite`), and only files that have
 * changed are read. Whether a run still goes on is looked at in any case.
 * @throws SatsimError ARTIFACTS when the folder itself can't be read
 */
export async function findListedRuns(artifactsRoot: string, filter: RunFilter = {}): Promise<readonly RunListing[]> {
  const root = resolve(artifactsRoot);
  const runIds = await findRuns(root);
  const index = runIds.length < WORTH_AN_INDEX ? null : RunIndex.open(root);
  try {
    const facts = await knownOf(index, root, runIds, FACTS);
    const all = runIds.map((runId, i) => judgeRun(join(root, runId), runId, facts[i]!));
    let found = newestFirst(await withoutRemoved(all.filter((run) => matches(run, filter))));
    const { params = [], limit = Infinity } = filter;
    if (params.length > 0) {
      // Of all runs, so that the index knows the rest the next time.
      const scenarios = new Map<string, unknown>();
      const values = await knownOf(index, root, runIds, SCENARIOS);
      runIds.forEach((runId, i) => scenarios.set(runId, values[i]));
      found = found.filter(({ runId }) => matchesScenario(scenarios.get(runId), params));
    }
    return found.slice(0, limit);
  } finally {
    index?.close();
  }
}
