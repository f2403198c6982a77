import { durationMs, type Scenario } from '../contract/scenario.js';
import type { Timebase } from './types.js';

/** The grid of ticks t0 + k·dt, k ≥ 0, before t1. Of a scenario that has passed validation. */
export function timebase({ time }: Scenario): Timebase {
  const t0Ms = Date.parse(time.t0);
  const t1Ms = endMs(time);
  const dtMs = durationMs(time.dt);
  return { t0Ms, t1Ms, dtMs, tickCount: Math.max(0, Math.ceil((t1Ms - t0Ms) / dtMs)) };
}

/** When the run ends, Unix milliseconds, exclusive; NaN when the scenario does not say. */
export function endMs(time: Scenario['time']): number {
  if (time.t1 !== undefined) return Date.parse(time.t1);
  return time.duration === undefined ? Number.NaN : Date.parse(time.t0) + durationMs(time.duration);
}
