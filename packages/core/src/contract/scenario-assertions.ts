import { z } from 'zod';
import { finite, nodeIdSchema } from './scenario-fields.js';

/** What is measured at every sample, and the figures of a whole run that are made of it. */
const MEASURED = ['rtt_ms', 'one_way_delay_ms', 'loss_pct', 'goodput_mbps'] as const;
const FIGURES = ['min', 'mean', 'median', 'p99', 'max'] as const;
const OF_THE_RUN = ['availability', 'path_changes', 'handovers', 'outages', 'longest_outage_s'] as const;

export type Measured = (typeof MEASURED)[number];
export type Figure = (typeof FIGURES)[number];
export type FlowQuantity = `${Measured}.${Figure}` | (typeof OF_THE_RUN)[number];

const QUANTITIES: readonly FlowQuantity[] = [...MEASURED.flatMap((measured) => FIGURES.map((figure) => `${measured}.${figure}` as const)), ...OF_THE_RUN];

/** The section `assertions`. */
export const assertion = z.strictObject({
  flow: nodeIdSchema.describe('Id of a flow'),
  quantity: z.enum(QUANTITIES).describe('Of the whole run'),
  op: z.enum(['<', '<=', '>', '>=', '==']).describe('How the quantity has to compare with the value'),
  value: finite().describe('In the unit of the quantity; availability is 0 to 1'),
  lane: z.string().optional().describe('Every lane that reports the flow, without it'),
});
