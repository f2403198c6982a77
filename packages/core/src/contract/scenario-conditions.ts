import { z } from 'zod';
import { count, duration, nodeIdSchema, nodePattern, nonNegative, percent, positive } from './scenario-fields.js';

/** The sections of a scenario that say what happens to the network: weather and faults. */

const ofSite = {
  site: nodeIdSchema.describe('A ground node'),
  rain_height_km: nonNegative().max(20).optional().describe('Above mean sea level; by latitude (ITU-R P.839) without it'),
  cloud_liquid_kg_per_m2: nonNegative().max(20).optional().describe('Liquid water in the column above the site'),
};
const rainRate = () => nonNegative().max(1_000);

const constantRain = z.strictObject({ ...ofSite, rain_mm_per_h: rainRate().describe('Rain rate, all the time') });
const rainOfFile = z.strictObject({
  ...ofSite,
  csv: z
    .strictObject({
      file: z.string().min(1).describe('One sample a row, times ascending'),
      columns: z
        .strictObject({ at_s: count().default(0).describe('Seconds after t0'), rain_mm_per_h: count().default(1).describe('Rain rate') })
        .prefault({})
        .describe('Column numbers from 0'),
    })
    .describe('A time series from a file; as `series`'),
});
const rainSeries = z.strictObject({
  ...ofSite,
  series: z
    .array(z.strictObject({ at: duration().describe('After t0'), rain_mm_per_h: rainRate().describe('Rain rate') }))
    .min(1)
    .describe('A time series: linear between its samples, constant before the first and after the last'),
});
const rainProcess = z.strictObject({
  ...ofSite,
  process: z
    .strictObject({
      probability: nonNegative().max(1).describe('Share of time with rain'),
      median_mm_per_h: positive().max(1_000).describe('Rain rate while it rains: log-normal, its median'),
      sigma: nonNegative().max(5).describe('Standard deviation of the natural logarithm of the rain rate'),
      correlation_time: duration().describe('Time in which its correlation with itself falls to 1/e'),
    })
    .describe("A random process that depends on the scenario's seed, the site and the time alone"),
});

export const weather = z.union([constantRain, rainOfFile, rainSeries, rainProcess]);

export const fault = z.strictObject({
  at: duration().describe('After t0, before the end of the run'),
  for: duration().optional().describe('To the end of the run without it'),
  node: nodePattern().optional().describe('What fails, with all its links; IR-3-* is all satellites of a plane'),
  link: z.tuple([nodeIdSchema, nodeIdSchema]).optional().describe('What fails, in both directions'),
  effect: z
    .strictObject({
      loss_pct: percent().optional().describe("Beside the link's own loss"),
      capacity_mbps: nonNegative().optional().describe('At most'),
      delay_ms: nonNegative().optional().describe("On top of the link's own delay"),
    })
    .optional()
    .describe('Degraded instead of down'),
});
