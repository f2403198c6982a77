import type { FaultList } from '@satsim/core';
import { Properties } from './properties.js';
import type { TextFile } from './state-files.js';

export interface RunSettings {
  readonly duration: string;
  readonly dt: string;
  readonly islMbps: number;
  readonly gslMbps: number;
}

/** What a state does not say. The data rates are those of Hypatia's own examples. */
export const USUAL: RunSettings = { duration: '10m', dt: '1s', islMbps: 10, gslMbps: 10 };

/** `config_ns3.properties` of a run over the state. */
export function readRunSettings(file: TextFile, faults: FaultList): RunSettings {
  const properties = new Properties(file, faults);
  const interval = (key: string): string => {
    const ms = properties.positive(key) / 1e6;
    if (!Number.isNaN(ms) && !Number.isSafeInteger(ms)) properties.fault(key, 'a whole number of milliseconds is expected, in nanoseconds');
    return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
  };
  return {
    duration: interval('simulation_end_time_ns'),
    dt: interval('dynamic_state_update_interval_ns'),
    islMbps: properties.positive('isl_data_rate_megabit_per_s'),
    gslMbps: properties.positive('gsl_data_rate_megabit_per_s'),
  };
}
