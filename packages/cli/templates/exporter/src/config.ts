import { z } from 'zod';

/** What stands under `exporters.__name__` of a scenario. Any Standard Schema will do. */
export const configSchema = z
  .strictObject({
    decimals: z.int().min(0).max(9).default(3).describe('Digits after the point'),
  })
  .prefault({});

export type __Name__Config = z.output<typeof configSchema>;
