import { durationMs, type Scenario } from '../contract/scenario.js';
import { endMs } from './timebase.js';

/**
 * The scenario with `time.t1` set and `time.duration` gone; one that does not say when it ends gets a single tick.
 * An empty `geomrf.scenario_spec` says nothing and goes too.
 */
export function normalise(scenario: Scenario): Scenario {
  const { t0, t1, dt, mode } = scenario.time;
  const end = endMs(scenario.time);
  const t1Ms = Number.isNaN(end) ? Date.parse(t0) + durationMs(dt) : end;
  const { scenario_spec: spec, ...geomrf } = scenario.geomrf;
  return {
    ...scenario,
    time: { t0, t1: t1 ?? new Date(t1Ms).toISOString(), dt, mode },
    geomrf: hasSpec(scenario) ? { ...geomrf, scenario_spec: spec } : geomrf,
  };
}

/** Whether the network is given as the engine's own specification instead of the shorthand. */
export const hasSpec = ({ geomrf }: Scenario): boolean => Object.keys(geomrf.scenario_spec ?? {}).length > 0;

/** The scenario as the text of a scenario file (JSON) that loads to the same scenario, whatever the environment. */
export function formatScenario(scenario: Scenario): string {
  return `${JSON.stringify(scenario, (_, value: unknown) => (typeof value === 'string' ? value.replaceAll('${', () => '$${') : value), 2)}\n`;
}
