import { z } from 'zod';
import type { LaneProvenance } from '../contract/provenance.js';
import { formatPath, LaneError } from '../errors.js';

/** A manifest is read as a whole, and has to fit into the space that a full disk leaves it. */
const MOST_ITEMS = 100;
const text = z.string().min(1).max(1000);
const few = <Value extends z.ZodType>(value: Value) =>
  z.record(text, value).refine((record) => Object.keys(record).length <= MOST_ITEMS, `more than ${MOST_ITEMS} items`);

const provenanceSchema = z.strictObject({
  software: z
    .array(z.strictObject({ name: text, version: text.nullable(), details: few(text).optional() }))
    .max(MOST_ITEMS)
    .default([]),
  facts: few(z.union([text, z.number(), z.boolean()])).default({}),
});

/**
 * What was told before and what is told now, as one.
 * @throws LaneError when what is told is nothing that can be kept
 */
export function mergeProvenance(lane: string, before: LaneProvenance | undefined, told: Partial<LaneProvenance>): LaneProvenance {
  const names = new Set(told.software?.map(({ name }) => name));
  const { data, error } = provenanceSchema.safeParse({
    software: [...(before?.software.filter(({ name }) => !names.has(name)) ?? []), ...(told.software ?? [])],
    facts: { ...before?.facts, ...told.facts },
  });
  if (data) return data;
  const [issue] = error.issues;
  throw new LaneError(lane, `lane ${lane} reports what is no provenance: ${formatPath(issue!.path as (string | number)[])}: ${issue!.message}`, {
    hint: 'software has a name and a version, facts are texts, numbers and booleans',
  });
}
