import type { LaneRemains } from '@satsim/core';
import { findRemains, removeRemains } from './clean.js';

/** What dead runs have left, as `satsim clean` shows it. */
export async function laneRemains(): Promise<readonly LaneRemains[]> {
  return findRemains().map((remains) => ({
    runId: remains.runId,
    things: [
      ...remains.processes.map(({ what, process: { pid } }) => `${what} (process ${pid})`),
      ...remains.bridges.map((name) => `bridge ${name}`),
      ...remains.interfaces.map((name) => `interface ${name}`),
      ...remains.folders.map((path) => `folder ${path}`),
    ],
    remove: () => removeRemains(remains),
  }));
}
