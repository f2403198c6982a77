import type { LanePlace, LaneRemark } from '@satsim/core';
import type { OmnetConfig } from './config.js';
import { findProject } from './project/programs.js';

/** Whether the project of the user's is there, so that nobody waits for ticks first. */
export async function check(config: OmnetConfig, { baseDir }: LanePlace): Promise<readonly LaneRemark[]> {
  const found = await findProject(config, baseDir);
  if (found === null || !('fault' in found)) return [];
  const { field, fault, hint } = found;
  return [{ level: 'fault', path: ['omnet', field], message: fault, ...(hint === undefined ? {} : { hint }) }];
}
