import { z } from 'zod';

export const configSchema = z
  .strictObject({
    listen: z.boolean().default(true).describe('Serve /metrics while the run goes on; false: the file only'),
    host: z.string().min(1).default('127.0.0.1').describe('Address to listen on; another one than loopback lets others read the metrics'),
    port: z.int().min(0).max(65_535).default(9464).describe('0 picks a free one, which the log tells'),
  })
  .prefault({});

export type Config = z.output<typeof configSchema>;
