import type { LaneRemark, Scenario } from '@satsim/core';
import { CONGESTION } from './config.js';

/** What of the traffic this lane can't do, or does in another way. */
export function remarks({ traffic }: Scenario): readonly LaneRemark[] {
  return traffic.flatMap(({ congestion, dscp }, index) => {
    const found: LaneRemark[] = [];
    if (congestion !== undefined && !(CONGESTION as readonly string[]).includes(congestion)) {
      const message = `ns-3 has no congestion control ${congestion} that this lane knows`;
      found.push({ level: 'fault', path: ['traffic', index, 'congestion'], message, hint: `use ${CONGESTION.join(', ')}` });
    }
    if (dscp)
      found.push({ level: 'warning', path: ['traffic', index, 'dscp'], message: 'packets are marked, but every link has one queue that treats all alike' });
    return found;
  });
}
