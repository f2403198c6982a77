import { durationMs } from '@satsim/core';
import { z } from 'zod';

const isInstant = (text: string): boolean => {
  try {
    return text === 'end' || Number.isFinite(durationMs(text));
  } catch {
    return false;
  }
};

export const configSchema = z
  .strictObject({
    at: z
      .string()
      .refine(isInstant, 'an instant is `end`, or a duration after t0 such as 90s or 5m')
      .default('end')
      .describe('`end` for the last tick, or a duration after t0'),
  })
  .prefault({});

export type GeojsonConfig = z.output<typeof configSchema>;
