import type { FaultList, FieldPath } from '@satsim/core';
import { z } from 'zod';

const link = z.looseObject({
  endpoint1: z.string().min(1),
  endpoint2: z.string().min(1),
  rate: z.union([z.string(), z.number()]).nullish(),
  delay: z.union([z.string(), z.number()]).nullish(),
  loss: z.union([z.string(), z.number()]).nullish(),
  /** Latitude, longitude, altitude in km of each end, in epochs that a generator made. */
  pos1: z.string().optional(),
  pos2: z.string().optional(),
});
export type EpochLink = z.output<typeof link>;

const epoch = z.looseObject({
  time: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/, 'is no time such as 2024-06-01T12:02:00Z'),
  'links-add': z.array(link).default([]),
  'links-update': z.array(link).default([]),
  'links-del': z.array(link).default([]),
  run: z.record(z.string(), z.unknown()).default({}),
});
export type Epoch = z.output<typeof epoch>;

const node = z.looseObject({
  type: z.string().optional(),
  metadata: z.looseObject({ location: z.looseObject({ latitude: z.number(), longitude: z.number(), altitude: z.number().optional() }).optional() }).optional(),
});
const system = z.looseObject({ 'node-config-common': z.looseObject({ type: z.string().optional() }).optional(), nodes: z.record(z.string(), node) });
export type SatConfig = z.output<typeof system>;

/** What the content of a file is, by what NetSatBench's own programs look at. */
export function kindOf(content: Uint8Array): 'epoch' | 'sat-config' | null {
  const value = parse(content);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  if ('nodes' in value && ('epoch-config' in value || 'node-config-common' in value)) return 'sat-config';
  return 'time' in value && ('links-add' in value || 'links-update' in value || 'links-del' in value) ? 'epoch' : null;
}

export const readEpoch = (file: string, content: Uint8Array, faults: FaultList): Epoch | null => read(epoch, file, content, faults);
export const readSatConfig = (file: string, content: Uint8Array, faults: FaultList): SatConfig | null => read(system, file, content, faults);

function read<T>(schema: z.ZodType<T>, file: string, content: Uint8Array, faults: FaultList): T | null {
  const { data, error } = schema.safeParse(parse(content));
  for (const { path, message } of error?.issues ?? []) faults.add(file, null, path as FieldPath, message);
  return data ?? null;
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    return undefined;
  }
}
