import type { ExporterHarness, PluginHarness } from '@satsim/core/testing';
import { TICKS } from './link-rows.js';
import { readTable } from './read-table.js';
import { EVENTS, FLOWS } from './result-tables.js';

const parquet: ExporterHarness = {
  kind: 'exporter',
  name: 'parquet',
  async readBack(files) {
    const column = async (path: string, name: string) => (await readTable(files.get(path)!)).rows.map((row) => row[name]);
    const times = (await column(FLOWS.path, 'sim_time')) as Date[];
    return {
      // A tick has a row for each link that it changes.
      ticks: [...new Set((await column(TICKS.path, 'tick_index')) as number[])],
      events: (await column(EVENTS.path, 'seq')) as number[],
      results: times.map((time) => time.getTime()),
    };
  },
};

export const harnesses: readonly PluginHarness[] = [parquet];
