import { durationMs } from '@satsim/core';
import { z } from 'zod';

/** TCP variants of ns-3 that flows may name as `congestion`. */
export const CONGESTION = ['newreno', 'cubic', 'bbr'] as const;

const queueTime = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s)$/, 'a time in a queue is a number and a unit: 100ms, 1s')
  .refine((text) => !/^\d+(\.\d+)?(ms|s)$/.test(text) || durationMs(text) <= 60_000, 'a time in a queue is at most 60s');

/** The block `ns3:` of a scenario. */
export const configSchema = z
  .strictObject({
    ip_version: z.literal([4, 6]).default(4).describe('Internet protocol of all traffic'),
    congestion: z.enum(CONGESTION).default('cubic').describe('Of tcp flows that name none'),
    queue: z
      .strictObject({
        packets: z.int().positive().max(1_000_000).default(100).describe('Packets that the queue of a link holds in any case'),
        time: queueTime.default('100ms').describe('And those that the link sends in this time, in frames of 1514 bytes'),
      })
      .prefault({})
      .describe('A queue for each directed link; what comes when it is full is dropped'),
    pcap: z
      .union([z.boolean(), z.array(z.string().min(1))])
      .default(false)
      .describe('Capture every interface of these nodes; `true`: of the ends of the flows. execution.record_pcap captures the ground nodes in any case'),
  })
  .prefault({});

export type Ns3Config = z.output<typeof configSchema>;
