import { durationMs } from '@satsim/core';
import { z } from 'zod';

const isStep = (text: string): boolean => {
  try {
    return durationMs(text) >= 1_000;
  } catch {
    return false;
  }
};

export const configSchema = z
  .strictObject({
    sample_step: z
      .string()
      .refine(isStep, 'a step is a duration of at least a second, such as 60s or 2m')
      .default('2m')
      .describe('Simulated time between two stored positions of a satellite, at most'),
    links: z
      .enum(['auto', 'all', 'used', 'none'])
      .default('auto')
      .describe('used: ground links and those on the path of a flow; auto: all up to 200 satellites, else used'),
  })
  .prefault({});

export type CzmlConfig = z.output<typeof configSchema>;
