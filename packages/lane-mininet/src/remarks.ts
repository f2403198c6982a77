import type { LaneRemark, Scenario } from '@satsim/core';

/** What of the scenario the lane can't do: iperf3 sends at a constant rate. */
export function remarksOn(scenario: Scenario): readonly LaneRemark[] {
  return scenario.traffic.flatMap(({ pattern }, index): LaneRemark[] =>
    pattern === 'poisson'
      ? [
          {
            level: 'fault',
            path: ['traffic', index, 'pattern'],
            message: 'cannot be sent: iperf3 knows no pattern but a constant rate',
            hint: 'pattern: constant',
          },
        ]
      : [],
  );
}
