import { exporterContract } from '@satsim/core/testing';
import { describe, test } from 'vitest';
import { ParquetExporter } from './parquet-exporter.js';
import { readTable } from './read-table.test-helper.js';

const column = async (bytes: Uint8Array, name: string) => (await readTable(bytes)).rows.map((row) => row[name]);

describe.each([100_000, 1, 2])('the contract of exporters, in row groups of %d', (row_group_rows) => {
  const cases = exporterContract((deps) => ({ exporter: new ParquetExporter({ ...deps, config: { row_group_rows } }) }), {
    async readBack(files) {
      const ticks = (await column(files.get('results/ticks.parquet')!, 'tick_index')) as number[];
      const times = (await column(files.get('results/flows.parquet')!, 'sim_time')) as Date[];
      return {
        ticks: [...new Set(ticks)],
        events: (await column(files.get('results/events.parquet')!, 'seq')) as number[],
        results: times.map((time) => time.getTime()),
      };
    },
  });
  for (const { rule, skip, run } of cases) test.skipIf(skip)(skip === false ? rule : `${rule} (${skip})`, run);
});
