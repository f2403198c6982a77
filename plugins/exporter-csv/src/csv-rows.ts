import type { FlowSample } from '@satsim/core';
import { stringify } from 'csv-stringify/sync';

/** Column names with units, and what stands under them; empty where a quantity does not apply. */
const COLUMNS: readonly { readonly name: string; readonly value: (sample: FlowSample) => string | number | null | undefined }[] = [
  { name: 'lane', value: (sample) => sample.lane },
  { name: 'flow', value: (sample) => sample.flow },
  { name: 'sim_time_unix_ms', value: (sample) => sample.simTimeMs },
  { name: 'rtt_ms', value: (sample) => sample.rttMs },
  { name: 'one_way_delay_ms', value: (sample) => sample.oneWayDelayMs },
  { name: 'loss_pct', value: (sample) => sample.lossPct },
  { name: 'goodput_mbps', value: (sample) => sample.goodputMbps },
  { name: 'hops', value: (sample) => sample.hops },
  { name: 'path_hash', value: (sample) => sample.pathHash },
  { name: 'path', value: (sample) => sample.path?.join('>') },
  { name: 'bottleneck_link', value: (sample) => sample.bottleneck },
];

export const HEADER = stringify([COLUMNS.map(({ name }) => name)]);

/** RFC 4180 but for the line ends, which are those of the rest of the run directory: LF. */
export function csvRows(samples: readonly FlowSample[]): string {
  return stringify(samples.map((sample) => COLUMNS.map(({ value }) => value(sample))));
}
