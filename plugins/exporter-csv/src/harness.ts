import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { RESULTS_FILE } from './csv-exporter.js';

const csv: ExporterHarness = {
  kind: 'exporter',
  name: 'csv',
  readBack(files) {
    const [header, ...rows] = new TextDecoder()
      .decode(files.get(RESULTS_FILE))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const column = header!.indexOf('sim_time_unix_ms');
    return { results: rows.map((row) => Number(row[column])) };
  },
};

export const harnesses: readonly PluginHarness[] = [csv];
