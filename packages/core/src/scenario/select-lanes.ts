import type { Scenario } from '../contract/scenario.js';

/**
 * The names of the lanes that a run uses, without repetition; whether they exist is not checked here.
 * `--lane` > `--mode` > `lanes` > `execution.lane_mode` (`flow` by default). The mode `parallel` means all in `lanes`,
 * else every lane that has a block in the scenario.
 */
export function selectLanes(
  scenario: Scenario,
  choice: { readonly lanes?: readonly string[] | undefined; readonly mode?: string | undefined },
  laneNames: readonly string[],
): readonly string[] {
  const named = (lanes: readonly string[] | undefined): readonly string[] | null => (lanes === undefined || lanes.length === 0 ? null : [...new Set(lanes)]);
  const ofMode = (mode: string): readonly string[] =>
    mode === 'parallel' ? (named(scenario.lanes) ?? named(laneNames.filter((lane) => Object.hasOwn(scenario, lane))) ?? ['flow']) : [mode];
  return named(choice.lanes) ?? (choice.mode === undefined ? (named(scenario.lanes) ?? ofMode(scenario.execution.lane_mode)) : ofMode(choice.mode));
}
