import { z } from 'zod';

export const configSchema = z
  .strictObject({
    row_group_rows: z.int().min(1).max(10_000_000).default(100_000).describe('Rows that are gathered in memory and written together'),
  })
  .prefault({});

export type ParquetConfig = z.output<typeof configSchema>;
