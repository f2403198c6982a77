import { z } from 'zod';

/** The block `flow:` of a scenario. */
export const configSchema = z
  .strictObject({
    record_paths: z.boolean().default(true).describe('Put the node ids of the path into every sample; its hash is there in any case'),
  })
  .prefault({});

export type FlowConfig = z.output<typeof configSchema>;
