import { z } from 'zod';

/** The block `__name__:` of a scenario. Any Standard Schema will do. */
export const configSchema = z
  .strictObject({
    log_every: z.int().nonnegative().default(0).describe('Log how many links are up every so many ticks; 0: never'),
  })
  .prefault({});

export type __Name__Config = z.output<typeof configSchema>;
