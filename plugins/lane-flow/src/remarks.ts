import { durationMs, type LaneRemark, type Scenario } from '@satsim/core';

/**
 * Keys of traffic about how packets are sent: this lane reckons with mean rates. Those are of what packets carry, so that
 * `packet_bytes` loses nothing by it.
 */
const OF_PACKETS = ['pattern', 'congestion', 'dscp'] as const;

/** What of a scenario's traffic has no effect here. */
export function remarks({ traffic, time }: Scenario): LaneRemark[] {
  return traffic.flatMap((flow, index) => {
    const idle = OF_PACKETS.filter((key) => flow[key] !== undefined && flow[key] !== 0 && flow[key] !== 'constant');
    const often = flow.every !== undefined && durationMs(flow.every) < durationMs(time.dt);
    return [
      ...idle.map((key) => ({
        level: 'warning' as const,
        path: ['traffic', index, key],
        message: 'no effect, as it reckons with mean rates and not with packets',
      })),
      ...(often
        ? [{ level: 'warning' as const, path: ['traffic', index, 'every'], message: `one sample a tick (${time.dt}), as nothing changes within one` }]
        : []),
    ];
  });
}
